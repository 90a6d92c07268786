// What the log says of a function: lines of its processes, and Lambda's own between them.

/// A line, or what becomes one, about an execution environment.
package struct FunctionLogEvent: Sendable {
    package enum Stream: String, Sendable {
        case standardOutput = "stdout"
        case standardError = "stderr"
    }

    package enum Content: Sendable {
        /// A process starts.
        case initStart(runtime: String)
        /// A process did not get ready.
        case initReport(InitReport)
        /// A process gets a request.
        case start
        /// What the process has printed, without the end of the line; any text.
        case output(Stream, String)
        /// What Lambda says of a request or a process that failed.
        case fault(String)
        /// The process is done with the request.
        case end
        case report(InvocationReport)
    }

    package let time: Timestamp
    /// The logical id.
    package let function: String
    /// The request that the process works on; nil between requests.
    package let requestID: String?
    package let content: Content

    /// The line as it stands in a log stream of Lambda's, without its end (Lambda developer guide, "Sending Lambda
    /// function logs to CloudWatch Logs" and "Failures during the init phase").
    package var line: String {
        let requestID = requestID ?? ""
        return switch content {
        case .initStart(let runtime): "INIT_START Runtime Version: \(runtime)"
        case .initReport(let report): "INIT_REPORT \(report.text)"
        case .start: "START RequestId: \(requestID) Version: $LATEST"
        case .output(_, let text), .fault(let text): text
        case .end: "END RequestId: \(requestID)"
        case .report(let report): "REPORT RequestId: \(requestID)\t\(report.text)"
        }
    }
}

/// Where the lines of functions go.
package protocol FunctionLog: Sendable {
    /// Whether lines are kept that are no errors.
    var isVerbose: Bool { get }
    /// How many lines were dropped.
    var droppedLines: Int { get }

    func write(_ event: FunctionLogEvent)
}
