// How many requests of a function run at a time, how many wait, and which limit refuses the rest.

/// The concurrency of one function (Lambda developer guide, "Understanding Lambda function scaling").
///
/// The concurrency of a function is the number of requests that it works on. A reserved concurrency is a limit of the
/// function's own, and who comes beyond it is refused at once. So is who comes beyond a number of processes that the
/// user has named; the number that the machine is given by itself is no limit of Lambda's, and requests wait there.
struct ConcurrencyLimit: Hashable, Sendable {
    /// How many events may wait for a function.
    static let maximumEvents = 1000

    private let reserved: Int?
    private let processes: Int
    private let queue: Int

    /// - Parameters:
    ///   - reserved: `ReservedConcurrentExecutions`; 0 throttles the function.
    ///   - settings: what the host was started with.
    init(reserved: Int?, settings: PoolSettings) {
        self.reserved = reserved
        processes = max(1, settings.maximumProcesses ?? PoolSettings.standardProcesses)
        queue = max(0, settings.maximumQueue ?? (settings.maximumProcesses == nil ? PoolSettings.standardQueue : 0))
    }

    /// The limit of a function; one that is debugged has one environment, and requests wait for it.
    init(of function: FunctionDefinition, settings: PoolSettings) {
        var settings = settings
        if function.debugging != nil {
            settings.maximumProcesses = 1
            settings.maximumQueue = PoolSettings.standardQueue
        }
        self.init(reserved: function.debugging == nil ? function.reservedConcurrency : nil, settings: settings)
    }

    /// How many environments the function may have.
    var environments: Int { min(processes, reserved ?? processes) }

    /// Why a request is refused.
    ///
    /// - Parameter inFlight: how many requests of callers who wait for their answers run or have been let in.
    /// - Returns: the limit that it meets; nil where the request may run, or wait.
    func refusal(inFlight: Int) -> InvokeError.ThrottleReason? {
        if let reserved, inFlight >= reserved { return .reservedConcurrency }
        return inFlight < processes || inFlight - processes < queue ? nil : .concurrentInvocations
    }
}
