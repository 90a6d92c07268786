// Which function of a manifest a name on the command line means.

internal import Compiler
internal import Manifest

extension Manifest {
    /// The function of a name: its logical id, `Stack/Function` where it is nested, its `FunctionName`, or the last part
    /// of such an id where only one has it. Without a name it is the only function.
    ///
    /// - Throws: `CommandError` that lists the functions.
    func function(named name: String?) throws(CommandError) -> (id: String, function: Function) {
        let ids = functions.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        guard !ids.isEmpty else { throw CommandError("the template has no functions") }
        let list = ids.map { "'\($0)'" }.joined(separator: ", ")
        guard let name else {
            guard ids.count == 1, let function = functions[ids[0]] else {
                throw CommandError("the template has several functions; name one of \(list)")
            }
            return (ids[0], function)
        }
        let rules: [(String, Function) -> Bool] = [
            { id, _ in id == name }, { _, function in function.name == name },
            { id, _ in id.split(separator: "/").last.map(String.init) == name },
        ]
        for rule in rules {
            let found = ids.filter { id in functions[id].map { rule(id, $0) } ?? false }
            if found.count == 1, let function = functions[found[0]] { return (found[0], function) }
            if found.count > 1 {
                let list = found.map { "'\($0)'" }.joined(separator: ", ")
                throw CommandError("'\(name)' is the name of several functions: \(list)")
            }
        }
        let names = ids + functions.values.compactMap(\.name).sorted()
        throw CommandError("there is no function '\(name)', only \(list)\(didYouMean(name, among: names))")
    }
}
