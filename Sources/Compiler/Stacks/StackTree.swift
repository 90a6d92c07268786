// The stacks that a template nests, each read once for each place where it is nested.

package import Diagnostics

/// Reads stacks, and remembers them: a stack is read when the one that nests it needs its outputs, or at the latest
/// when its own turn comes.
final class StackTree {
    /// How deep stacks may nest.
    static let maximumDepth = 16
    /// How many stacks there may be.
    static let maximumStacks = 200
    /// How many values their templates may have together.
    static let maximumNodes = 1_000_000

    /// Reads the templates.
    var files: SourceFiles
    /// What there is to evaluate in all stacks together.
    let budget = EvaluationBudget()
    /// The stacks that were read, by their paths.
    private(set) var stacks: [StackPath: ResolvedTemplate] = [:]
    private var count = 0
    private var nodes = 0
    private var isLimitReported = false

    init(files: SourceFiles) { self.files = files }

    /// The stacks, each before those that it nests.
    var sorted: [ResolvedTemplate] {
        stacks.values.sorted { $0.stack.path.names.lexicographicallyPrecedes($1.stack.path.names) }
    }

    /// Reads a stack that another one nests.
    ///
    /// - Returns: nil where that cannot be, which is reported: what it holds is missing from the routes.
    func read(_ input: StackInput, into diagnostics: inout DiagnosticCollector) -> ResolvedTemplate? {
        guard !input.chain.contains(where: { LocalPath.normalized($0) == LocalPath.normalized(input.file) }) else {
            diagnostics.emit(.stackCycle(input))
            return nil
        }
        // Files are not even read once there is too much.
        guard !isLimitReported else { return nil }
        count += 1
        guard input.path.names.count <= Self.maximumDepth, count <= Self.maximumStacks else {
            reportLimit(input, into: &diagnostics)
            return nil
        }
        var found = DiagnosticCollector()
        guard let bytes = files.read(input.file, at: input.span, into: &found) else {
            diagnostics.emit(.stackUnread(input, found.sorted.first?.message ?? "its template cannot be read"))
            return nil
        }
        return Compiler.stack(input, bytes, in: self, into: &diagnostics)
    }

    /// Takes the values of a template from what all may have; false where nothing is left, which is reported.
    func take(_ node: YAMLNode, of input: StackInput, into diagnostics: inout DiagnosticCollector) -> Bool {
        // One template alone is bounded by the parser.
        if input.path == .root { return true }
        nodes += node.count
        if nodes <= Self.maximumNodes { return true }
        reportLimit(input, into: &diagnostics)
        return false
    }

    /// Once is enough: what comes after is too much as well.
    private func reportLimit(_ input: StackInput, into diagnostics: inout DiagnosticCollector) {
        if !isLimitReported { diagnostics.emit(.stackLimit(at: input.span)) }
        isLimitReported = true
    }

    /// Remembers a stack.
    func add(_ template: ResolvedTemplate) { stacks[template.stack.path] = template }
}

extension DiagnosticCode {
    static let stackUnread = DiagnosticCode(
        "stack-unread",
        .warning,
        """
        A nested stack is not read, because its template is not on this machine: it is in S3, on a web server or in \
        the Serverless Application Repository, or there is no such file. Its routes and functions are missing, and \
        its outputs are unknown.
        """
    )
    static let stackCycle = DiagnosticCode(
        "stack-cycle",
        .error,
        "A template nests itself, directly or by way of others, so there would be no end to its stacks."
    )
    static let stackLimit = DiagnosticCode(
        "stack-limit",
        .error,
        """
        There are more than 200 nested stacks, they nest more than 16 levels deep, or their templates have more than \
        a million values together.
        """
    )
}

extension Diagnostic {
    static func stackUnread(_ input: StackInput, _ reason: String) -> Diagnostic {
        let subject = input.path.words ?? "the stack"
        return Diagnostic(.stackUnread, "\(subject) is not read, its routes are missing: \(reason)", at: input.span)
    }

    fileprivate static func stackCycle(_ input: StackInput) -> Diagnostic {
        let way = (input.chain + [input.file]).map { "'\($0)'" }.joined(separator: " nests ")
        return Diagnostic(.stackCycle, "a template nests itself: \(way)", at: input.span)
    }

    fileprivate static func stackLimit(at span: Span?) -> Diagnostic {
        Diagnostic(.stackLimit, "there are too many nested stacks, or too much in them", at: span)
    }
}

/// The codes of nested stacks.
package enum StackCodes {
    package static let all: [DiagnosticCode] = [.stackCycle, .stackLimit, .stackUnread]
}
