// How long each phase of an execution environment may take.

internal import NIOCore

/// The one timer of an environment. Confined to the host's event loop.
final class EnvironmentTimer {
    /// How long a runtime may take until its first `next` (Lambda developer guide, "Init phase").
    static let initSeconds = 10
    /// How long the end may take with external extensions, for the runtime in that, and with internal ones only (Lambda
    /// developer guide, "Shutdown phase"; the part of the runtime is that of Lambda's emulator).
    private static let shutdownMilliseconds: Int64 = 2000
    private static let runtimeShutdownMilliseconds: Int64 = 600
    private static let internalShutdownMilliseconds: Int64 = 500

    private let eventLoop: any EventLoop
    private let initSeconds: Int?
    private var scheduled: Scheduled<Void>?
    /// When the extensions have to be gone, in milliseconds of Unix time; 0 before the end has begun.
    private(set) var shutdownEnd: Int64 = 0

    /// - Parameters:
    ///   - eventLoop: the host's event loop.
    ///   - initSeconds: how long the runtime may take until its first `next`; nil for the function's timeout.
    init(eventLoop: any EventLoop, initSeconds: Int?) {
        self.eventLoop = eventLoop
        self.initSeconds = initSeconds
    }

    /// Begins a phase of a function's environment, and calls back once it has taken too long; the phase before is over.
    func start(
        _ kind: EnvironmentStateMachine.Timer,
        of function: FunctionDefinition,
        _ onFire: @escaping () -> Void
    ) {
        cancel()
        let delay = TimeAmount.milliseconds(milliseconds(kind, of: function))
        scheduled = eventLoop.assumeIsolated().scheduleTask(in: delay, onFire)
    }

    func cancel() {
        scheduled?.cancel()
        scheduled = nil
    }

    private func milliseconds(_ kind: EnvironmentStateMachine.Timer, of function: FunctionDefinition) -> Int64 {
        switch kind {
        case .initialization: return Int64(initSeconds ?? function.timeoutSeconds) * 1000
        case .invocation: return Int64(function.timeoutSeconds) * 1000
        case .runtimeShutdown(let hasExternalExtensions):
            shutdownEnd = Timestamp.now().milliseconds + Self.shutdownMilliseconds
            return hasExternalExtensions ? Self.runtimeShutdownMilliseconds : Self.internalShutdownMilliseconds
        case .extensionShutdown:
            let now = Timestamp.now().milliseconds
            if shutdownEnd == 0 { shutdownEnd = now + Self.shutdownMilliseconds }
            return max(0, shutdownEnd - now)
        }
    }
}
