// Texts of a stage that API Gateway takes only in a certain form: its variables and the format of its access log.

internal import Diagnostics

extension Lowering {
    /// The variables of a stage (developer guide, "Use stage variables for a REST API": the characters of names and
    /// values).
    mutating func stageVariables(of property: Property) -> [String: String] {
        for member in property.properties(unknown: .settingUnknown, into: &diagnostics)?.all ?? [] {
            // What is not known yet cannot be judged; it is reported where it is read.
            guard let text = member.value.openText else { continue }
            if member.name.isEmpty || !member.name.utf8.allSatisfy(\.isStageVariableName) {
                diagnostics.emit(.stageVariable(member, "its name is letters, digits and '_'", at: member.nameSpan))
            } else if text.isEmpty || !text.utf8.allSatisfy(\.isStageVariableValue) {
                diagnostics.emit(
                    .stageVariable(member, "its value is letters, digits and '-._~:/?#&=,'", at: member.span)
                )
            }
        }
        return texts(of: property)
    }

    /// The format of a line, from `AccessLogSetting` or `AccessLogSettings` (developer guide, "Set up CloudWatch logging
    /// for REST APIs": one line of up to 3 KB with an id of the request).
    mutating func accessLogFormat(_ property: Property) -> String? {
        let settings = property.properties(unknown: .settingUnknown, into: &diagnostics)
        guard let format = settings?["Format"],
            let text = format.text(unknown: .settingUnknown, into: &diagnostics)
        else { return nil }
        var line = text[...]
        while line.last?.isNewline == true { line = line.dropLast() }
        if line.contains(where: \.isNewline) {
            diagnostics.emit(.accessLogFormat(format, "is one line"))
        } else if line.utf8.count > 3072 {
            diagnostics.emit(.accessLogFormat(format, "is at most 3 KB long"))
        } else if !line.contains("$context.requestId"), !line.contains("$context.extendedRequestId") {
            diagnostics.emit(.accessLogFormat(format, "has '$context.requestId' or '$context.extendedRequestId'"))
        }
        return String(line)
    }
}

extension UInt8 {
    private var isLetterOrDigit: Bool { (self | 0x20) &- 97 < 26 || self &- 48 < 10 }
    fileprivate var isStageVariableName: Bool { isLetterOrDigit || self == UInt8(ascii: "_") }
    fileprivate var isStageVariableValue: Bool { isLetterOrDigit || "-._~:/?#&=,".utf8.contains(self) }
}

extension DiagnosticCode {
    static let accessLogFormat = DiagnosticCode(
        "access-log-format",
        .error,
        """
        The format of an access log is one line of at most 3 KB, and has `$context.requestId` or \
        `$context.extendedRequestId` in it. API Gateway refuses any other.
        """
    )
    static let stageVariable = DiagnosticCode(
        "stage-variable",
        .error,
        """
        The name of a stage variable is letters, digits and `_`; its value is letters, digits and `-._~:/?#&=,`. API \
        Gateway refuses any other.
        """
    )
}

extension Diagnostic {
    fileprivate static func accessLogFormat(_ property: Property, _ rule: String) -> Diagnostic {
        Diagnostic(.accessLogFormat, "the format of an access log \(rule)", at: property.span)
    }

    fileprivate static func stageVariable(_ property: Property, _ rule: String, at span: Span) -> Diagnostic {
        Diagnostic(.stageVariable, "'\(property.name)' cannot be a variable of the stage: \(rule)", at: span)
    }
}
