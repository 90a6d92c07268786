// Code that stands in the manifest, as files that runtimes can load.

internal import Glibc
internal import Manifest

/// Writes inline code into folders of its own, each for as long as the host runs.
///
/// A folder belongs to one function and one text: new code is a new folder, so the processes that run the old code keep
/// theirs, and the function's definition is another one.
struct InlineCodeFiles: Sendable {
    /// A folder that only the host's user can read.
    let directory: String

    /// Writes the code of each function that has its code in the manifest.
    ///
    /// - Parameter definitions: the functions by logical id.
    /// - Returns: the same functions, with the folders where their code now is.
    /// - Throws: `HostError` that says what could not be written.
    func place(_ definitions: [String: FunctionDefinition]) throws(HostError) -> [String: FunctionDefinition] {
        var placed = definitions
        for (id, definition) in definitions {
            guard definition.codeDirectory == nil, let code = definition.inlineCode,
                let file = Self.fileName(of: code, runtime: definition.runtime)
            else { continue }
            placed[id]?.codeDirectory = try place(code, file: file, function: id)
        }
        return placed
    }

    private func place(_ code: String, file: String, function: String) throws(HostError) -> String {
        // A logical id may hold slashes where stacks are nested.
        let folder = "\(directory)/\(Self.hash("\(function)\u{0}\(file)\u{0}\(code)"))"
        guard access(folder, F_OK) != 0 else { return folder }
        for path in [directory, folder] where mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw HostError("cannot make the folder '\(path)': \(errorText(errno))")
        }
        do throws(ProcessStartError) { try BootstrapFiles.write(code.utf8, to: "\(folder)/\(file)") } catch {
            throw HostError(error.description)
        }
        return folder
    }

    /// The name of the file, `index` with the ending of the language, as CloudFormation names it; nil for a runtime
    /// that does not run a text.
    ///
    /// Node.js takes the ending for what tells modules from scripts, which CloudFormation leaves to the text.
    static func fileName(of code: String, runtime: String?) -> String? {
        switch runtime.flatMap(RuntimeKind.init) {
        case .python: return "index.py"
        case .node:
            let isModule = code.split(separator: "\n").contains { line in
                ["import ", "import{", "export "].contains { line.hasPrefix($0) }
            }
            return isModule ? "index.mjs" : "index.js"
        // Lambda takes code in the template for these two languages only.
        case .ruby, .java, .dotnet, .provided, nil: return nil
        }
    }

    /// A name for a text: FNV-1a, which is the same in each run, with the length against accidents.
    private static func hash(_ text: String) -> String {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return "\(String(value, radix: 16))-\(text.utf8.count)"
    }
}
