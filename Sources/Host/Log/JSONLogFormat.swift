// Log lines for machines: one JSON object each.

internal import Operations

/// Spells lines as the objects of Lambda's JSON log format and Telemetry API, with the function and a level.
enum JSONLogFormat {
    /// A line of a function or of Lambda.
    static func line(_ event: FunctionLogEvent) -> String {
        let type: String
        var level = "info"
        var rest: String
        switch event.content {
        case .output(let stream, let text):
            type = "function"
            rest = ",\"stream\":\"\(stream.rawValue)\",\"message\":\(quoted(text))"
        case .fault(let text):
            type = "platform.fault"
            level = "error"
            rest = ",\"message\":\(quoted(text))"
        case .initStart(let runtime):
            type = "platform.initStart"
            rest = "\"initializationType\":\"on-demand\",\"phase\":\"init\",\"runtimeVersion\":\(quoted(runtime))"
            rest = ",\"record\":{\(rest),\"functionVersion\":\"$LATEST\"}"
        case .initReport(let report):
            type = "platform.initReport"
            level = "error"
            rest =
                "\"initializationType\":\"on-demand\",\"phase\":\"\(report.phase.rawValue)\",\(status(report.status))"
            rest = ",\"record\":{\(rest),\"metrics\":{\"durationMs\":\(report.duration)}}"
        case .start:
            type = "platform.start"
            rest = ",\"record\":{\"requestId\":\(quoted(event.requestID ?? "")),\"version\":\"$LATEST\"}"
        case .end:
            type = "platform.end"
            rest = ",\"record\":{\"requestId\":\(quoted(event.requestID ?? ""))}"
        case .report(let report):
            type = "platform.report"
            level = report.status == .success || report.status == .functionError ? "info" : "error"
            rest = "\"requestId\":\(quoted(event.requestID ?? "")),\"metrics\":\(metrics(report))"
            rest = ",\"record\":{\(rest),\(status(report.status))}"
        }
        var line = "{\"time\":\"\(event.time.text)\",\"level\":\"\(level)\",\"type\":\"\(type)\""
        line += ",\"function\":\(quoted(event.function))"
        if let requestID = event.requestID { line += ",\"requestId\":\(quoted(requestID))" }
        return line + rest + "}"
    }

    /// A line of the host itself.
    static func line(time: Timestamp, level: String, message: String, metadata: [String: String]) -> String {
        var line = "{\"time\":\"\(time.text)\",\"level\":\"\(level)\",\"type\":\"host\""
        var metadata = metadata
        if let function = metadata.removeValue(forKey: "function") { line += ",\"function\":\(quoted(function))" }
        line += ",\"message\":\(quoted(message))"
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            line += ",\"metadata\":{\(pairs.joined(separator: ","))}"
        }
        return line + "}"
    }

    private static func metrics(_ report: InvocationReport) -> String {
        var metrics = "\"durationMs\":\(report.duration),\"billedDurationMs\":\(report.billedMilliseconds)"
        metrics += ",\"memorySizeMB\":\(report.memoryMegabytes)"
        if let used = report.usedMegabytes { metrics += ",\"maxMemoryUsedMB\":\(used)" }
        if let initDuration = report.initDuration { metrics += ",\"initDurationMs\":\(initDuration)" }
        return "{\(metrics)}"
    }

    private static func status(_ status: ReportStatus) -> String {
        "\"status\":\"\(status.name)\"" + (status.errorType.map { ",\"errorType\":\(quoted($0))" } ?? "")
    }

    /// A string of JSON, without any character that a terminal would obey.
    private static func quoted(_ text: String) -> String {
        var line = "\""
        line.reserveCapacity(text.utf8.count + 2)
        guard text.unicodeScalars.contains(where: { LogText.isControl($0) || $0 == "\"" || $0 == "\\" }) else {
            return line + text + "\""
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": line += "\\\(scalar)"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where LogText.isControl(scalar):
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line + "\""
    }
}
