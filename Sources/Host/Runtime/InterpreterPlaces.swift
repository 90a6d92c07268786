// Where interpreters stand on a machine, and which version the name of a place tells.

internal import Glibc
internal import Manifest

/// A file that may be an interpreter.
struct InterpreterPlace: Hashable, Sendable {
    let path: String
    /// What the name says; nil where only the program itself knows.
    let version: RuntimeVersion?
}

/// Lists the places for one runtime.
struct InterpreterPlaces {
    let kind: RuntimeKind
    /// The environment of the host.
    let environment: [String: String]

    /// All places that have an executable file, in the order in which a user would expect them to be taken: what has
    /// been activated, the `PATH`, then the folders of version managers.
    var all: [InterpreterPlace] {
        var seen: Set<String> = []
        return (activated + named + plain + managed).filter { place in
            guard access(place.path, X_OK) == 0 else { return false }
            // `/bin` is another name of `/usr/bin`; the last name must stay, by which shims know what to be.
            let folder = Folder.parent(of: place.path)
            let name = place.path.split(separator: "/").last ?? ""
            return seen.insert("\(Folder.resolved(folder) ?? folder)/\(name)").inserted
        }
    }

    /// The folder of an activated virtual environment; nil without one.
    static func virtualEnvironment(_ environment: [String: String]) -> String? {
        environment["VIRTUAL_ENV"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }

    private var activated: [InterpreterPlace] {
        switch kind {
        case .python:
            guard let folder = Self.virtualEnvironment(environment) else { return [] }
            // `version = 3.12.1`, or `version_info` where another tool has made it.
            let version = (Folder.text("\(folder)/pyvenv.cfg") ?? "").split(separator: "\n").lazy
                .filter { $0.hasPrefix("version") }
                .compactMap { $0.split(separator: "=").last }
                .compactMap { RuntimeVersion($0.drop { $0 == " " }, of: kind) }.first
            return [InterpreterPlace(path: "\(folder)/bin/python", version: version)]
        case .java: return home("JAVA_HOME", "bin/java")
        case .dotnet: return home("DOTNET_ROOT", "dotnet")
        case .node, .ruby, .provided: return []
        }
    }

    private func home(_ variable: String, _ program: String) -> [InterpreterPlace] {
        guard let folder = environment[variable], folder.hasPrefix("/") else { return [] }
        return [InterpreterPlace(path: "\(folder)/\(program)", version: nil)]
    }

    private var searchPath: [String] {
        (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init)
    }

    /// Those on the `PATH` that have their version in their name: `python3.12`, `ruby3.3`.
    private var named: [InterpreterPlace] {
        let prefix: String
        switch kind {
        case .python: prefix = "python"
        case .ruby: prefix = "ruby"
        case .node, .java, .dotnet, .provided: return []
        }
        return searchPath.flatMap { folder in
            Folder.names(in: folder).compactMap { name in
                guard name.hasPrefix(prefix), let version = RuntimeVersion(name.dropFirst(prefix.count), of: kind),
                    name == "\(prefix)\(version)"
                else { return nil }
                return InterpreterPlace(path: "\(folder)/\(name)", version: version)
            }
        }
    }

    /// Those on the `PATH` that do not say their version.
    private var plain: [InterpreterPlace] {
        let names: [String] =
            switch kind {
            case .python: ["python3", "python"]
            case .node: ["node", "nodejs"]
            case .ruby: ["ruby"]
            case .java: ["java"]
            case .dotnet: ["dotnet"]
            case .provided: []
            }
        return names.flatMap { name in
            searchPath.map { InterpreterPlace(path: "\($0)/\(name)", version: nil) }
        }
    }

    /// Those of version managers: folders with one folder for each version. The newest patch comes first.
    private var managed: [InterpreterPlace] {
        versionFolders.flatMap { folders, program in
            Folder.names(in: folders)
                .compactMap { name -> (numbers: [Int], place: InterpreterPlace)? in
                    guard let text = versionText(name), let version = RuntimeVersion(text, of: kind) else { return nil }
                    let path = "\(folders)/\(name)/\(program)"
                    return (
                        text.split(separator: ".").compactMap { Int($0) },
                        InterpreterPlace(path: path, version: version)
                    )
                }
                .sorted { $1.numbers.lexicographicallyPrecedes($0.numbers) }
                .map(\.place)
        }
    }

    /// The version in the name of a folder: `3.12.1`, `v20.11.0`, `ruby-3.3.0`, `cpython-3.12.1-linux-x86_64-gnu`,
    /// `java-17-openjdk-amd64`; nil for another implementation, as `pypy3.10-7.3.12`, or another build, as `3.13.0t`.
    private func versionText(_ name: String) -> Substring? {
        var rest = name[...]
        if case .java = kind {
            rest = rest.drop { !("0"..."9").contains($0) }
        } else {
            for prefix in ["v", "cpython-", "ruby-"] where rest.hasPrefix(prefix) {
                rest = rest.dropFirst(prefix.count)
            }
        }
        let version = rest.prefix { $0 == "." || ("0"..."9").contains($0) }
        let next = rest.dropFirst(version.count).first
        guard !version.isEmpty, next == nil || next == "-" || next == "_" else { return nil }
        return version
    }

    private var versionFolders: [(folders: String, program: String)] {
        let home = environment["HOME"] ?? "/nonexistent"
        let data = environment["XDG_DATA_HOME"] ?? "\(home)/.local/share"
        let asdf = "\(environment["ASDF_DATA_DIR"] ?? "\(home)/.asdf")/installs"
        let mise = "\(environment["MISE_DATA_DIR"] ?? "\(data)/mise")/installs"
        switch kind {
        case .python:
            let folders = [
                "\(environment["PYENV_ROOT"] ?? "\(home)/.pyenv")/versions", "\(asdf)/python", "\(mise)/python",
                environment["UV_PYTHON_INSTALL_DIR"] ?? "\(data)/uv/python",
            ]
            return folders.map { ($0, "bin/python3") }
        case .node:
            let folders = [
                "\(environment["NVM_DIR"] ?? "\(home)/.nvm")/versions/node", "\(asdf)/nodejs", "\(mise)/node",
                "\(environment["VOLTA_HOME"] ?? "\(home)/.volta")/tools/image/node",
                "\(environment["N_PREFIX"] ?? "/usr/local")/n/versions/node",
            ]
            let fnm = environment["FNM_DIR"] ?? "\(data)/fnm"
            return folders.map { ($0, "bin/node") } + [("\(fnm)/node-versions", "installation/bin/node")]
        case .ruby:
            let folders = [
                "\(environment["RBENV_ROOT"] ?? "\(home)/.rbenv")/versions", "\(home)/.rubies", "/opt/rubies",
                "\(asdf)/ruby", "\(mise)/ruby",
            ]
            return folders.map { ($0, "bin/ruby") }
        case .java:
            let folders = ["/usr/lib/jvm", "\(home)/.sdkman/candidates/java", "\(asdf)/java", "\(mise)/java"]
            return folders.map { ($0, "bin/java") }
        case .dotnet, .provided: return []
        }
    }
}
