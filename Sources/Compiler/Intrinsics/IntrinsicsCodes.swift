// What can be wrong with functions, names and parameters.

package import Diagnostics

/// The codes that the pass Resolve raises.
package enum IntrinsicsCodes {
    package static let all: [DiagnosticCode] = [
        .conditionCycle, .conditionUndecided, .conditionUnknown, .functionArgument, .functionUnknown, .mappingKey,
        .nameUnknown,
        .parameterMissing,
        .parameterUnknown, .parameterValue,
    ]
}

extension DiagnosticCode {
    static let nameUnknown = DiagnosticCode(
        "name-unknown",
        .error,
        """
        `Ref`, `GetAtt` or `Sub` names something that the template declares neither as a parameter nor as a resource. \
        In a `Sub`, `${!Name}` stands for the text `${Name}`.
        """
    )
    static let functionUnknown = DiagnosticCode(
        "function-unknown",
        .error,
        """
        There is no function of this name in CloudFormation. Short forms are `!Ref`, `!Sub`, `!GetAtt`, `!Join`, \
        `!If`, …
        """
    )
    static let functionArgument = DiagnosticCode(
        "function-argument",
        .error,
        "A function of CloudFormation is called with something that it does not take."
    )
    static let mappingKey = DiagnosticCode(
        "mapping-key",
        .error,
        "`FindInMap` asks for a mapping, or for a key of one, that `Mappings` does not have."
    )
    static let conditionCycle = DiagnosticCode(
        "condition-cycle",
        .error,
        "A condition is made of itself, directly or by way of others, so it can never be decided."
    )
    static let conditionUnknown = DiagnosticCode(
        "condition-unknown",
        .error,
        "A condition is named that the section `Conditions` does not declare."
    )
}

extension Diagnostic {
    static func nameUnknown(_ name: String, known: [String], at span: Span) -> Diagnostic {
        let hint = didYouMean(name, among: known)
        return Diagnostic(.nameUnknown, "the template has no parameter or resource '\(name)'\(hint)", at: span)
    }

    static func functionUnknown(_ name: String, at span: Span) -> Diagnostic {
        let known = [
            "Condition", "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Equals", "Fn::FindInMap", "Fn::GetAZs", "Fn::GetAtt",
            "Fn::If", "Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Not", "Fn::Or", "Fn::Select", "Fn::Split",
            "Fn::Sub", "Fn::ToJsonString", "Fn::Transform", "Ref",
        ]
        return Diagnostic(.functionUnknown, "there is no function '\(name)'\(didYouMean(name, among: known))", at: span)
    }

    static func functionArgument(_ name: String, _ problem: String, at span: Span) -> Diagnostic {
        Diagnostic(.functionArgument, "'\(name)' \(problem)", at: span)
    }

    static func mappingKey(_ name: String, known: [String], at span: Span) -> Diagnostic {
        Diagnostic(.mappingKey, "the mappings have no '\(name)' here\(didYouMean(name, among: known))", at: span)
    }

    static func conditionCycle(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(.conditionCycle, "the condition '\(name)' depends on itself", at: span)
    }

    static func conditionUnknown(_ name: String, known: [String], at span: Span) -> Diagnostic {
        let hint = didYouMean(name, among: known)
        return Diagnostic(.conditionUnknown, "the template has no condition '\(name)'\(hint)", at: span)
    }
}
