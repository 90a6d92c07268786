// Where runtimes look for code and libraries beside the function's own code.

/// The folders of code and layers by the variable that names them (Lambda developer guide, "Packaging your layer
/// content" and "Defined runtime environment variables").
struct SearchPaths: Hashable, Sendable {
    /// What follows the function's own value of each variable.
    let folders: [String: [String]]

    /// - Parameters:
    ///   - runtime: a value of `Runtime`.
    ///   - code: the folder of the code.
    ///   - opt: the folder with the layers as the process sees it; nil for a function without.
    init(runtime: String?, code: String?, opt: String?) {
        var folders: [String: [String]] = [:]
        // Lambda's own list begins with the folders of its system, which the dynamic linker knows anyway.
        folders["LD_LIBRARY_PATH"] = (code.map { [$0, "\($0)/lib"] } ?? []) + (opt.map { ["\($0)/lib"] } ?? [])
        let runtime = runtime ?? ""
        if runtime.hasPrefix("ruby") {
            // Ruby keeps gems by the version of its interface: that of 3.3.6 is 3.3.0.
            let version = "\(runtime.dropFirst("ruby".count)).0"
            folders["GEM_PATH"] =
                (code.map { ["\($0)/vendor/bundle/ruby/\(version)"] } ?? [])
                + (opt.map { ["\($0)/ruby/gems/\(version)"] } ?? [])
            folders["RUBYLIB"] = (code.map { [$0] } ?? []) + (opt.map { ["\($0)/ruby/lib"] } ?? [])
        }
        if runtime.hasPrefix("nodejs") {
            var node: [String] = []
            if let opt {
                if runtime.hasSuffix(".x") {
                    node.append("\(opt)/nodejs/node\(runtime.dropFirst("nodejs".count).dropLast(2))/node_modules")
                }
                node.append("\(opt)/nodejs/node_modules")
            }
            // In Lambda the list ends with the code: `require('lib/tax')` finds its `lib/tax.js`.
            folders["NODE_PATH"] = node + (code.map { [$0] } ?? [])
        }
        if let opt {
            folders["PATH"] = ["\(opt)/bin"]
            var python: [String] = []
            if runtime.hasPrefix("python") {
                python.append("\(opt)/python/lib/\(runtime)/site-packages")
            }
            folders["PYTHONPATH"] = python + ["\(opt)/python"]
        }
        self.folders = folders
    }

    /// The value of a variable.
    ///
    /// - Parameters:
    ///   - name: one of those that name folders.
    ///   - own: the function's own value; nil where it has none.
    /// - Returns: folders with colons between them; nil where there are none.
    func value(of name: String, after own: String?) -> String? {
        let all = [own].compactMap { $0 } + (folders[name] ?? [])
        return all.isEmpty ? nil : all.joined(separator: ":")
    }
}
