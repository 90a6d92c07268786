// The figures that Lambda gives at the end of a request, and after a start that failed.

/// How a request, or a start, came to its end.
package enum ReportStatus: Hashable, Sendable {
    case success
    /// The runtime has reported an error of the function's.
    case functionError
    case timeout
    /// The process ended, or could not start.
    case error(type: String)

    /// What follows the figures; nothing where the function has answered, be it with an error.
    fileprivate var suffix: String {
        switch self {
        case .success, .functionError: ""
        case .timeout: "\tStatus: timeout"
        case .error(let type): "\tStatus: error\tError Type: \(type)"
        }
    }

    /// The word of the Telemetry API.
    var name: String {
        switch self {
        case .success: "success"
        case .functionError, .error: "error"
        case .timeout: "timeout"
        }
    }

    var errorType: String? {
        if case .error(let type) = self { type } else { nil }
    }
}

/// The figures of a request (Lambda developer guide, "Monitoring function performance", and the schema of
/// `platform.report` of the Telemetry API).
package struct InvocationReport: Hashable, Sendable {
    /// From the delivery of the request to the end of the runtime's work on it.
    let duration: MillisecondCount
    /// How long the process took to start; nil but for its first request.
    let initDuration: MillisecondCount?
    let memoryMegabytes: Int
    /// The most that the process has used in its life; nil where there is no process to ask.
    let usedMegabytes: Int?
    let status: ReportStatus

    /// In whole milliseconds; the start counts as well (AWS Lambda pricing, since August 2025).
    var billedMilliseconds: Int {
        let nanoseconds = duration.nanoseconds + (initDuration?.nanoseconds ?? 0)
        return Int((nanoseconds + 999_999) / 1_000_000)
    }

    var text: String {
        var text = "Duration: \(duration) ms\tBilled Duration: \(billedMilliseconds) ms"
        text += "\tMemory Size: \(memoryMegabytes) MB"
        if let usedMegabytes { text += "\tMax Memory Used: \(usedMegabytes) MB" }
        if let initDuration { text += "\tInit Duration: \(initDuration) ms" }
        return text + status.suffix
    }
}

/// The figures of a start that failed.
package struct InitReport: Hashable, Sendable {
    /// What the start was a part of.
    enum Phase: String {
        case initialization = "init"
        /// A request that had seen one start before.
        case invoke
    }

    let duration: MillisecondCount
    var phase = Phase.initialization
    let status: ReportStatus

    var text: String { "Init Duration: \(duration) ms\tPhase: \(phase.rawValue)\(status.suffix)" }
}

/// A duration that is written in milliseconds with two decimals.
struct MillisecondCount: Hashable, Sendable, CustomStringConvertible {
    let nanoseconds: Int64

    var description: String {
        let hundredths = (nanoseconds + 5_000) / 10_000
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
