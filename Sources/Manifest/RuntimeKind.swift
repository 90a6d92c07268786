// The runtimes that the host runs, by the values of `Runtime`; the compiler warns of all others.

/// A runtime that the host can run, with its version.
package enum RuntimeKind: Hashable, Sendable {
    /// `python3.12` has the version `3.12`.
    case python(version: String)
    /// `nodejs20.x` has the version `20`.
    case node(version: String)
    /// `ruby3.3` has the version `3.3`.
    case ruby(version: String)
    /// `java17` has the version `17`, `java8.al2` the version `8`; the function brings its runtime interface client.
    case java(version: String)
    /// `dotnet8` has the version `8`; the function brings its runtime interface client.
    case dotnet(version: String)
    /// The function brings its own `bootstrap`.
    case provided

    /// What there is, in the words of messages.
    package static let names = "python3.*, nodejs*.x, ruby*, java*, dotnet* and provided*"

    /// - Parameter identifier: a value of `Runtime` (Lambda developer guide, "Lambda runtimes"); nil for one that the
    ///   host cannot run.
    package init?(_ identifier: String) {
        if identifier == "provided" || identifier.hasPrefix("provided.") {
            self = .provided
            return
        }
        let language = identifier.prefix { !$0.isNumber }
        let version = identifier.dropFirst(language.count)
        switch language {
        case "python":
            guard Self.numbers(version, count: 2), version.hasPrefix("3.") else { return nil }
            self = .python(version: String(version))
        case "nodejs":
            guard version.hasSuffix(".x"), Self.numbers(version.dropLast(2), count: 1) else { return nil }
            self = .node(version: String(version.dropLast(2)))
        case "ruby":
            guard Self.numbers(version, count: 2) else { return nil }
            self = .ruby(version: String(version))
        case "java":
            let number = version.hasSuffix(".al2") ? version.dropLast(4) : version
            guard Self.numbers(number, count: 1) else { return nil }
            self = .java(version: String(number))
        case "dotnet":
            guard Self.numbers(version, count: 1) else { return nil }
            self = .dotnet(version: String(version))
        default: return nil
        }
    }

    /// Whether a text is so many numbers with points between them.
    private static func numbers(_ text: Substring, count: Int) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == count
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.count <= 4 && $0.allSatisfy { ("0"..."9").contains($0) } }
    }
}
