// What extensions add to the life of an execution environment: their own events, and an end in order.

extension EnvironmentStateMachine {
    mutating func handleExtension(_ event: Event) -> [Action] {
        do throws(RuntimeRefusal) {
            switch event {
            case .extensionsFound(let names): return extensionsFound(names)
            case .register(let name, let identifier, let subscriptions):
                return try register(name: name, identifier: identifier, subscriptions)
            case .extensionNext(let identifier): return try extensionNext(identifier)
            case .extensionNextAbandoned(let identifier): return extensionNextAbandoned(identifier)
            case .extensionInitError(let identifier, let type):
                let name = try extensions.fail(identifier, as: .initError)
                return [.accept] + fail(.extensionFailed("Extension.InitError", "\(name): \(type)"))
            case .extensionExitError(let identifier, let type):
                let name = try extensions.fail(identifier, as: .exitError)
                return [.accept] + fail(.extensionFailed("Extension.ExitError", "\(name): \(type)"))
            case .extensionStartFailed(let name, let message):
                extensions.noteExit(name: name)
                return extensionEnded(.extensionFailed("Extension.LaunchError", "\(name): \(message)"))
            case .extensionExited(let name, let exit):
                extensions.noteExit(name: name)
                let reason = exit == .exited(code: 0) ? "exit code 0" : "\(exit)"
                return extensionEnded(.extensionFailed("Extension.Crash", "\(name): \(reason)"))
            default: return []
            }
        } catch {
            return [.refuse(error)]
        }
    }

    private mutating func extensionsFound(_ names: [String]) -> [Action] {
        guard state == .starting else { return [] }
        guard names.count <= ExtensionSet.maximumCount else {
            isRuntimeAwaited = true
            let message = "Extension limit (\(ExtensionSet.maximumCount)) reached"
            return fail(.extensionFailed("Extension.TooManyExtensions", message))
        }
        guard !names.isEmpty else { return [.launchRuntime] }
        extensions = ExtensionSet(external: names)
        isRuntimeAwaited = true
        return [.startTimer(.initialization)] + names.map { .launchExtension(name: $0) }
    }

    private mutating func register(
        name: String,
        identifier: String,
        _ subscriptions: Set<ExtensionSet.Subscription>
    ) throws(RuntimeRefusal) -> [Action] {
        guard state == .starting else {
            throw .extensionRefused(
                type: "Extension.RegistrationClosed",
                message: "Extension registration closed already"
            )
        }
        try extensions.register(name: name, identifier: identifier, subscriptions: subscriptions)
        guard isRuntimeAwaited, extensions.areRegistered else { return [.acceptRegistration(identifier: identifier)] }
        isRuntimeAwaited = false
        return [.acceptRegistration(identifier: identifier), .launchRuntime]
    }

    private mutating func extensionNext(_ identifier: String) throws(RuntimeRefusal) -> [Action] {
        guard state != .ended else { throw .invalidStateTransition }
        if try extensions.next(identifier) {
            return [
                .parkExtension(identifier: identifier), .deliverShutdown(identifiers: [identifier], shutdownReason),
            ]
        }
        guard isHolding, extensions.areReady else { return [.parkExtension(identifier: identifier)] }
        return [.parkExtension(identifier: identifier)] + becomeReady()
    }

    private mutating func extensionNextAbandoned(_ identifier: String) -> [Action] {
        extensions.abandonNext(identifier)
        guard state == .idle else { return [] }
        state = .settling
        isHolding = true
        return [.leave]
    }

    private mutating func extensionEnded(_ failure: FunctionFailure) -> [Action] {
        switch state {
        case .starting, .idle, .invoking, .streaming, .settling: return fail(failure)
        case .shuttingDown:
            // While the runtime ends, its own end goes on with the rest.
            guard hasExited || isRuntimeAwaited, !extensions.areAlive else { return [] }
            state = .ended
            return [.cancelTimer] + removal
        case .ended: return removal
        }
    }

    /// The environment cannot go on for want of an extension.
    private mutating func fail(_ failure: FunctionFailure) -> [Action] {
        switch state {
        case .starting: [.cancelTimer, .failStart(failure)] + shutDown(.failure)
        case .invoking(let requestID), .streaming(let requestID):
            [.cancelTimer, .fail(requestID: requestID, failure)] + shutDown(.failure)
        case .idle: [.cancelTimer, .leave] + shutDown(.failure)
        case .settling: [.cancelTimer] + shutDown(.failure)
        case .shuttingDown, .ended: []
        }
    }

    /// Begins the end (Lambda developer guide, "Shutdown phase"): without extensions it is one signal; with them the
    /// runtime is asked first, then those extensions that want to know.
    mutating func shutDown(_ reason: ShutdownReason) -> [Action] {
        isHolding = false
        shutdownReason = reason
        guard extensions.hasRegistered else {
            state = .ended
            return isGone ? [.remove] : [.kill]
        }
        state = .shuttingDown
        guard !isRuntimeGone else { return shutDownExtensions() }
        return [.terminateRuntime, .startTimer(.runtimeShutdown(hasExternalExtensions: extensions.hasExternal))]
    }

    /// The runtime has ended.
    mutating func shutDownExtensions() -> [Action] {
        let (informed, ignorant) = extensions.shutDown()
        guard extensions.areAlive else {
            state = .ended
            return removal
        }
        return ignorant.map { .killExtension(name: $0) } + [.startTimer(.extensionShutdown)]
            + (informed.isEmpty ? [] : [.deliverShutdown(identifiers: informed, shutdownReason)])
    }

    mutating func shutdownTimerFired() -> [Action] {
        guard isRuntimeGone else { return [.killRuntime] }
        state = .ended
        return [.kill]
    }

    private var isRuntimeGone: Bool { hasExited || isRuntimeAwaited }
    private var isGone: Bool { isRuntimeGone && !extensions.areAlive }
    /// Forgets the environment once all of its processes have ended.
    var removal: [Action] { isGone ? [.remove] : [] }
}

extension FunctionFailure {
    /// What an extension has done to its function; the types are those of Lambda's emulator.
    static func extensionFailed(_ type: String, _ message: String) -> FunctionFailure {
        .unstartable(type: type, message: message)
    }
}
