// What can be wrong with the sections of a template and the shape of its resources.

package import Diagnostics

/// The codes that the pass Read raises.
package enum TemplateCodes {
    package static let all: [DiagnosticCode] = [
        .globalsIgnored, .globalsUnsupported, .parameterDeclaration, .resourceType, .resourcesMissing,
        .sectionShape, .transformMissing, .transformUnknown, .unknownName,
    ]
}

extension DiagnosticCode {
    static let sectionShape = DiagnosticCode(
        "section-shape",
        .error,
        """
        A part of the template has another shape than it must: a list where a mapping belongs, a text where a list \
        does, or nothing at all. In YAML this is often an indentation that is one level off.
        """
    )
    static let unknownName = DiagnosticCode(
        "unknown-name",
        .warning,
        """
        A section, property or setting of this name does not exist at this place, so it has no effect. It is usually a \
        typing error or stands one level too deep or too high.
        """
    )
    static let resourcesMissing = DiagnosticCode(
        "resources-missing",
        .error,
        "The template has no section `Resources`. A template declares its functions and APIs there."
    )
    static let resourceType = DiagnosticCode(
        "resource-type",
        .error,
        "Every resource has a `Type`, such as `AWS::Serverless::Function`. It is missing here, or no such type exists."
    )
    static let transformMissing = DiagnosticCode(
        "transform-missing",
        .warning,
        """
        The template uses resources of `AWS::Serverless` but does not declare the transform that gives them their \
        meaning, so CloudFormation will refuse it. Add `Transform: AWS::Serverless-2016-10-31` at the top.
        """
    )
    static let transformUnknown = DiagnosticCode(
        "transform-unknown",
        .warning,
        """
        The template is to be changed by a macro before it is deployed. Macros run in an AWS account only; the \
        template is read as it stands, so routes that the macro adds or changes are not seen.
        """
    )
}

extension Diagnostic {
    static func sectionShape(_ name: String?, expected: String, found node: YAMLNode) -> Diagnostic {
        let subject = name.map { "'\($0)'" } ?? "the template"
        return Diagnostic(.sectionShape, "\(subject) is \(expected), found \(node.kind)", at: node.span)
    }

    static func unknownName(_ entry: YAMLNode.Entry, in place: String, known: [String]) -> Diagnostic {
        .unknownName(entry.key, at: entry.keySpan, in: place, known: known)
    }

    static func unknownName(_ name: String, at span: Span, in place: String, known: [String]) -> Diagnostic {
        let certain = certainName(to: name, among: known)
        return Diagnostic(
            .unknownName,
            "'\(name)' is not known in \(place)\(didYouMean(name, among: known))",
            at: span,
            fixIts: certain.map { [FixIt("write '\($0)'", at: span, replacement: $0)] } ?? []
        )
    }

    static func resourcesMissing(_ root: YAMLNode, sections: [YAMLNode.Entry]) -> Diagnostic {
        let hint = sections.lazy.compactMap { closestName(to: $0.key, among: ["Resources"]) == nil ? nil : $0.key }
            .first
        return Diagnostic(
            .resourcesMissing,
            "the template has no section 'Resources'" + (hint.map { "; is '\($0)' meant to be it?" } ?? ""),
            at: Span(startOf: root.span.file)
        )
    }

    static func resourceType(_ entry: YAMLNode.Entry, _ type: YAMLNode?) -> Diagnostic {
        guard let type else {
            return Diagnostic(.resourceType, "the resource '\(entry.key)' has no 'Type'", at: entry.keySpan)
        }
        return Diagnostic(
            .resourceType,
            "the 'Type' of '\(entry.key)' is a text, found \(type.kind)",
            at: type.span
        )
    }

    static func serverlessType(_ type: String, at node: YAMLNode) -> Diagnostic {
        let certain = certainName(to: type, among: PropertyNames.serverlessTypes)
        return Diagnostic(
            .resourceType,
            "there is no resource type '\(type)'\(didYouMean(type, among: PropertyNames.serverlessTypes))",
            at: node.span,
            fixIts: certain.map { [FixIt("write '\($0)'", at: node.span, replacement: $0)] } ?? []
        )
    }

    static func resourceFunction(_ entry: YAMLNode.Entry) -> Diagnostic {
        Diagnostic(
            .resourceType,
            "'\(entry.key)' cannot stand among the resources, whose names are logical ids",
            at: entry.keySpan
        )
    }

    /// `root` is the template, where it has no `Transform` at all.
    static func transformMissing(_ resource: Resource, addingTo root: YAMLNode?) -> Diagnostic {
        let name = "AWS::Serverless-2016-10-31"
        var fixIts: [FixIt] = []
        if let root, let first = root.mapping?.first?.keySpan.start {
            // In braces the first key stands behind the beginning of the mapping, else it is the beginning.
            let text = root.span.start < first ? "\"Transform\": \"\(name)\", " : "Transform: \(name)\n"
            let place = Span(file: root.span.file, at: first)
            fixIts = [FixIt("add 'Transform: \(name)'", at: place, replacement: text)]
        }
        return Diagnostic(
            .transformMissing,
            "'\(resource.type)' needs 'Transform: \(name)', which the template does not declare",
            at: resource.typeSpan,
            fixIts: fixIts
        )
    }

    static func transformUnknown(_ name: String?, at node: YAMLNode) -> Diagnostic {
        let subject = name.map { "the transform '\($0)'" } ?? "a transform that is \(node.kind)"
        return Diagnostic(.transformUnknown, "\(subject) is not run, the template is read as it stands", at: node.span)
    }
}
