// What can be wrong with functions, names and parameters.

package import Diagnostics

/// The codes that the pass Resolve raises.
package enum IntrinsicsCodes {
    package static let all: [DiagnosticCode] = [
        .conditionCycle, .conditionUndecided, .conditionUnknown, .evaluationLimit, .functionArgument, .functionUnknown,
        .mappingKey,
        .nameUnknown,
        .parameterMissing,
        .parameterUnknown, .parameterValue,
    ]
}

extension DiagnosticCode {
    static let nameUnknown = DiagnosticCode(
        "name-unknown",
        .warning,
        """
        `Ref`, `GetAtt` or `Sub` names something that the template declares neither as a parameter nor as a resource. \
        In a `Sub`, `${!Name}` stands for the text `${Name}`. CloudFormation will refuse the template; here the value \
        is unknown, which is an error where routes depend on it.
        """
    )
    static let functionUnknown = DiagnosticCode(
        "function-unknown",
        .warning,
        """
        There is no function of this name in CloudFormation. Short forms are `!Ref`, `!Sub`, `!GetAtt`, `!Join`, \
        `!If`, …
        """
    )
    static let functionArgument = DiagnosticCode(
        "function-argument",
        .warning,
        """
        A function of CloudFormation is called with something that it does not take. Its value is unknown, which is an \
        error where routes depend on it.
        """
    )
    static let evaluationLimit = DiagnosticCode(
        "evaluation-limit",
        .error,
        """
        The functions of the template make more than a million values, or more than 32 MB of text. Mappings that ask \
        for mappings, and texts that are put together from themselves, multiply; write the values out.
        """
    )
    static let mappingKey = DiagnosticCode(
        "mapping-key",
        .warning,
        "`FindInMap` asks for a mapping, or for a key of one, that `Mappings` does not have."
    )
    static let conditionCycle = DiagnosticCode(
        "condition-cycle",
        .warning,
        "A condition is made of itself, directly or by way of others, so it can never be decided."
    )
    static let conditionUnknown = DiagnosticCode(
        "condition-unknown",
        .warning,
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

    static func evaluationLimit(at span: Span) -> Diagnostic {
        Diagnostic(.evaluationLimit, "the functions of the template make too many values or too much text", at: span)
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
