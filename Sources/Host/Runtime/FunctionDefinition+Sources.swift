// Code that has to be built before it runs.

extension FunctionDefinition {
    /// What is wrong with a Node.js handler that is TypeScript only, and how to mend it; nil where it is not. Lambda loads
    /// JavaScript alone (Lambda developer guide, "Deploy transpiled TypeScript code").
    var unbuiltSource: String? {
        guard runtime?.hasPrefix("nodejs") == true, let codeDirectory, let handler else { return nil }
        let nameStart = handler.lastIndex(of: "/").map(handler.index(after:)) ?? handler.startIndex
        let module = handler[..<nameStart] + handler[nameStart...].prefix { $0 != "." }
        func first(_ endings: [String]) -> String? {
            endings.map { "\(module)\($0)" }.first { Folder.hasFile("\(codeDirectory)/\($0)") }
        }
        guard first(["", ".js", ".mjs", ".cjs"]) == nil else { return nil }
        return first([".ts", ".mts", ".cts"]).map { source in
            "the handler is TypeScript in '\(source)'; run 'sam build', or let 'CodeUri' name what your own build makes"
        }
    }
}
