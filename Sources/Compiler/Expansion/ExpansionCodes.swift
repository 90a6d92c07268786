// What can be wrong with includes and loops.

package import Diagnostics

/// The codes that the pass Expand raises.
package enum ExpansionCodes {
    package static let all: [DiagnosticCode] = [
        .expansionDuplicate, .expansionLimit, .includeCycle, .includeRemote, .includeShape, .languageExtension,
        .loopShape, .loopUnknown, .macroNotRun,
    ]
}

extension DiagnosticCode {
    static let languageExtension = DiagnosticCode(
        "language-extension",
        .error,
        """
        `Fn::ForEach`, `Fn::Length` and `Fn::ToJsonString` mean something only in a template that declares the \
        transform `AWS::LanguageExtensions`, before `AWS::Serverless-2016-10-31`. CloudFormation refuses others.
        """
    )
    static let loopShape = DiagnosticCode(
        "loop-shape",
        .error,
        """
        `Fn::ForEach::Name` is a list of three: an identifier, the values that it takes one after the other, and a \
        mapping that is repeated for each, with `${Identifier}` in its keys.
        """
    )
    static let loopUnknown = DiagnosticCode(
        "loop-unknown",
        .error,
        """
        What a `Fn::ForEach` runs over is no list of texts, or is known only once the stack is deployed, so nothing \
        can be said about what it makes. Give the parameter that it is with `--parameter-overrides Name=Value`. Where \
        no routes can come of it this is a warning.
        """
    )
    static let includeRemote = DiagnosticCode(
        "include-remote",
        .error,
        """
        `AWS::Include` brings in a file that is not on this machine, at a place where routes or what guards them may \
        come from. Name a local file, as `aws cloudformation package` takes them too. In other sections this is a \
        warning; within a value, the value is unknown.
        """
    )
    static let includeShape = DiagnosticCode(
        "include-shape",
        .error,
        """
        `AWS::Include` has a `Location` under `Parameters`. Beside other members of a mapping, the file that it names \
        is a mapping.
        """
    )
    static let includeCycle = DiagnosticCode(
        "include-cycle",
        .error,
        "A file includes itself, directly or by way of others."
    )
    static let expansionDuplicate = DiagnosticCode(
        "expansion-duplicate",
        .error,
        """
        A loop or an include makes a key that is there already. Keys of loops need `${Identifier}` in them, those of \
        nested loops the identifier of each loop.
        """
    )
    static let expansionLimit = DiagnosticCode(
        "expansion-limit",
        .error,
        """
        Includes and loops make more than 200 000 values, or files include files more than 16 levels deep. \
        CloudFormation itself has at most 500 resources in a stack.
        """
    )
    static let macroNotRun = DiagnosticCode(
        "macro-not-run",
        .error,
        """
        A macro changes the template at a place where routes or what guards them may come from. Macros run in an AWS \
        account only. Write out what it makes. In other sections this is a warning.
        """
    )
}

extension Diagnostic {
    static func languageExtension(_ name: String, transform: YAMLNode?, at span: Span) -> Diagnostic {
        var fixIts: [FixIt] = []
        if let transform, let text = transform.string {
            let replacement = "[\"AWS::LanguageExtensions\", \"\(text)\"]"
            fixIts = [FixIt("declare the transform", at: transform.span, replacement: replacement)]
        }
        return Diagnostic(
            .languageExtension,
            "'\(name)' needs the transform 'AWS::LanguageExtensions', which the template does not declare",
            at: span,
            fixIts: fixIts
        )
    }

    static func languageExtensionOrder(at span: Span, before serverless: Span) -> Diagnostic {
        Diagnostic(
            .languageExtension,
            "'AWS::LanguageExtensions' has to stand before the transform of SAM, which does not know what it expands",
            at: span,
            notes: [Note("the transform of SAM is here", at: serverless)]
        )
    }

    static func loopShape(_ entry: YAMLNode.Entry) -> Diagnostic {
        Diagnostic(
            .loopShape,
            "'\(entry.key)' takes an identifier, a list and a mapping to repeat",
            at: entry.keySpan
        )
    }

    static func loopUnknown(_ entry: YAMLNode.Entry, _ reason: String, at span: Span, _ severity: Severity)
        -> Diagnostic
    {
        var diagnostic = Diagnostic(
            .loopUnknown,
            "what '\(entry.key)' runs over cannot be used: \(reason)",
            at: span
        )
        diagnostic.severity = severity
        return diagnostic
    }

    static func includeRemote(_ place: String, _ node: YAMLNode, _ severity: Severity) -> Diagnostic {
        var diagnostic = Diagnostic(.includeRemote, "what is included \(place) is not on this machine", at: node.span)
        diagnostic.severity = severity
        return diagnostic
    }

    static func includeLocation(at span: Span) -> Diagnostic {
        Diagnostic(.includeShape, "'AWS::Include' needs a 'Location' under 'Parameters'", at: span)
    }

    static func includeShape(_ node: YAMLNode) -> Diagnostic {
        Diagnostic(
            .includeShape,
            "a file that is included among other members is a mapping, found \(node.kind)",
            at: node.span
        )
    }

    static func includeCycle(_ path: String, chain: [String], at span: Span) -> Diagnostic {
        let way = (chain.drop { $0 != path } + [path]).map { "'\($0)'" }.joined(separator: " includes ")
        return Diagnostic(.includeCycle, chain.isEmpty ? "the template includes itself" : "\(way)", at: span)
    }

    static func expansionDuplicate(_ entry: YAMLNode.Entry, first: Span) -> Diagnostic {
        Diagnostic(
            .expansionDuplicate,
            "the expanded template has the key '\(entry.key)' twice",
            at: entry.keySpan,
            notes: [Note("the first comes from here", at: first)]
        )
    }

    static func expansionLimit(at span: Span) -> Diagnostic {
        Diagnostic(.expansionLimit, "includes and loops make more than can be read", at: span)
    }

    static func macro(_ name: String?, at span: Span, _ severity: Severity) -> Diagnostic {
        var diagnostic = Diagnostic(.macroNotRun, "the macro '\(name ?? "Fn::Transform")' is not run here", at: span)
        diagnostic.severity = severity
        return diagnostic
    }
}
