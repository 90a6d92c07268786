// How a function logs: what Lambda tells the runtime of `LoggingConfig`.

internal import Manifest

extension Lowering {
    /// The variables by which a runtime knows the format of its log and the least level (Lambda developer guide,
    /// "Configuring advanced logging controls"). Text, without a level, is what runtimes do anyway.
    mutating func loggingVariables(_ properties: Properties) -> [String: EnvironmentValue] {
        guard
            let settings = properties["LoggingConfig"]?.properties(
                ["LogFormat", "ApplicationLogLevel", "SystemLogLevel", "LogGroup"],
                unknown: .settingUnknown,
                into: &diagnostics
            ), settings["LogFormat"]?.choice(LogFormat.self, into: &diagnostics) == .json
        else { return [:] }
        let level = settings["ApplicationLogLevel"]?.choice(LogLevel.self, into: &diagnostics) ?? .info
        return [
            "AWS_LAMBDA_LOG_FORMAT": .text(LogFormat.json.rawValue), "AWS_LAMBDA_LOG_LEVEL": .text(level.rawValue),
        ]
    }
}

private enum LogFormat: String, CaseIterable {
    case text = "Text"
    case json = "JSON"
}

private enum LogLevel: String, CaseIterable {
    case trace = "TRACE"
    case debug = "DEBUG"
    case info = "INFO"
    case warn = "WARN"
    case error = "ERROR"
    case fatal = "FATAL"
}
