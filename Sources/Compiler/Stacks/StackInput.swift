// What a stack is given: its place in the tree, its template, and the values of its parameters.

internal import Diagnostics

/// The value that is given to a parameter, on the command line or by the stack that nests this one.
struct ParameterInput: Hashable, Sendable {
    /// The value; lists are written with commas. The reason stands for one that cannot be known.
    let value: Result
    /// Where a part of it comes from that must not be written down.
    var secretSource: String?
    /// Where it is given; nil for the command line.
    var span: Span?

    enum Result: Hashable, Sendable {
        case text(String)
        case unknown(String)
    }
}

/// A stack to compile.
struct StackInput: Sendable {
    let path: StackPath
    /// The path of its template.
    let file: String
    /// The folder of its template as seen from that of the root's.
    let folder: String
    /// The templates that lead to it, the root's first.
    let chain: [String]
    /// The values of parameters by name.
    let parameters: [String: ParameterInput]
    /// Where the stack is nested; nil for the root.
    var span: Span?
    let region: String

    /// The root's, of what a person asks for.
    init(_ options: CompilerOptions) {
        path = .root
        file = options.template
        folder = "."
        chain = []
        parameters = options.parameterOverrides.mapValues { ParameterInput(value: .text($0)) }
        region = options.region
    }

    /// That of a stack which another one nests.
    init(_ id: String, in parent: StackInput, location: String, parameters: [String: ParameterInput], at span: Span) {
        path = parent.path.nesting(id)
        file = LocalPath.joined(LocalPath.folder(of: parent.file), location)
        folder = LocalPath.folder(of: LocalPath.joined(parent.folder, location))
        chain = parent.chain + [parent.file]
        self.parameters = parameters
        self.span = span
        region = parent.region
    }
}
