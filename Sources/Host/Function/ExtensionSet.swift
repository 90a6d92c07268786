// The extensions of one execution environment, as events and answers without any I/O.

/// Which extensions there are, and what each is doing.
///
/// ```
/// started ──register──► registered ──next──► ready ──event──► running ──next──► ready
/// ```
///
/// An external extension is a program of a layer, started before the runtime; an internal one is a part of the runtime's
/// process and is there once it registers (Lambda developer guide, "Lambda extensions").
struct ExtensionSet: Hashable, Sendable {
    /// Lambda's limit of extensions in one environment.
    static let maximumCount = 10

    enum Subscription: String, Hashable, Sendable {
        case invoke = "INVOKE"
        case shutdown = "SHUTDOWN"
    }

    /// The names are those that errors mention.
    enum State: String, Hashable, Sendable {
        /// An external one whose process runs.
        case started = "Started"
        case registered = "Registered"
        /// It waits for an event.
        case ready = "Ready"
        /// It has an event.
        case running = "Running"
        case initError = "InitError"
        case exitError = "ExitError"
        case exited = "Exited"
    }

    struct Member: Hashable, Sendable {
        let name: String
        let isExternal: Bool
        fileprivate(set) var identifier: String?
        fileprivate(set) var subscriptions: Set<Subscription> = []
        fileprivate(set) var state = State.started
        /// Whether it gets the event `SHUTDOWN` once it asks for one.
        fileprivate(set) var owesShutdown = false
    }

    private(set) var members: [Member] = []
    /// Once the runtime is ready nobody registers any more.
    private(set) var isClosed = false

    /// - Parameter names: those of the external ones.
    init(external names: [String] = []) {
        members = names.map { Member(name: $0, isExternal: true) }
    }

    /// Whether any has registered.
    var hasRegistered: Bool { members.contains { $0.identifier != nil } }
    var hasExternal: Bool { members.contains(where: \.isExternal) }
    /// Whether all external ones have registered.
    var areRegistered: Bool { members.allSatisfy { $0.state != .started } }
    /// Whether all wait for events.
    var areReady: Bool { members.allSatisfy { $0.state == .ready } }
    /// Whether any has a process of its own.
    var areAlive: Bool { members.contains { $0.isExternal && $0.state != .exited } }

    mutating func close() { isClosed = true }

    /// Registers an extension under a new identifier.
    mutating func register(
        name: String,
        identifier: String,
        subscriptions: Set<Subscription>
    ) throws(RuntimeRefusal) {
        if let index = members.firstIndex(where: { $0.name == name }) {
            guard members[index].isExternal else {
                throw .invalidExtensionState("Extension with this name already registered")
            }
            guard members[index].state == .started else { throw transition(members[index], to: .registered) }
            members[index].identifier = identifier
            members[index].subscriptions = subscriptions
            members[index].state = .registered
            return
        }
        guard !subscriptions.contains(.shutdown) else {
            throw .extensionRefused(
                type: "Extension.InvalidEventType",
                message: "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"
            )
        }
        guard !isClosed else {
            throw .extensionRefused(
                type: "Extension.RegistrationClosed",
                message: "Extension registration closed already"
            )
        }
        guard members.count < Self.maximumCount else {
            throw .extensionRefused(
                type: "Extension.TooManyExtensions",
                message: "Extension limit (\(Self.maximumCount)) reached"
            )
        }
        members.append(
            Member(
                name: name,
                isExternal: false,
                identifier: identifier,
                subscriptions: subscriptions,
                state: .registered
            )
        )
    }

    /// An extension asks for its next event.
    ///
    /// - Returns: whether there is one already: the end.
    mutating func next(_ identifier: String) throws(RuntimeRefusal) -> Bool {
        let index = try index(identifier)
        guard members[index].state == .registered || members[index].state == .running else {
            throw transition(members[index], to: .ready)
        }
        let owesShutdown = members[index].owesShutdown
        members[index].owesShutdown = false
        members[index].state = owesShutdown ? .running : .ready
        return owesShutdown
    }

    /// The connection of a waiting extension broke; it comes back with another `next`.
    mutating func abandonNext(_ identifier: String) {
        guard let index = try? index(identifier), members[index].state == .ready else { return }
        members[index].state = .running
    }

    /// An extension reports that it cannot go on; returns its name.
    mutating func fail(_ identifier: String, as error: State) throws(RuntimeRefusal) -> String {
        let index = try index(identifier)
        let allowed: [State] = error == .initError ? [.registered, error] : [.registered, .ready, .running, error]
        guard allowed.contains(members[index].state) else { throw transition(members[index], to: error) }
        members[index].state = error
        return members[index].name
    }

    /// The process of an external extension has ended, or could not be started.
    mutating func noteExit(name: String) {
        guard let index = members.firstIndex(where: { $0.name == name && $0.isExternal }) else { return }
        members[index].state = .exited
    }

    /// A request begins; returns the identifiers of those who get to know.
    mutating func invoke() -> [String] {
        var identifiers: [String] = []
        for index in members.indices where members[index].subscriptions.contains(.invoke) {
            guard members[index].state == .ready, let identifier = members[index].identifier else { continue }
            members[index].state = .running
            identifiers.append(identifier)
        }
        return identifiers
    }

    /// The environment ends, and the runtime has ended.
    ///
    /// - Returns: the identifiers of those who get to know at once, and the names of those who wanted not to.
    mutating func shutDown() -> (informed: [String], ignorant: [String]) {
        var informed: [String] = []
        var ignorant: [String] = []
        for index in members.indices where members[index].isExternal && members[index].state != .exited {
            let wantsToKnow = members[index].subscriptions.contains(.shutdown)
            if wantsToKnow, members[index].state == .ready, let identifier = members[index].identifier {
                members[index].state = .running
                informed.append(identifier)
            } else if wantsToKnow && members[index].state != .initError && members[index].state != .exitError {
                members[index].owesShutdown = true
            } else {
                ignorant.append(members[index].name)
            }
        }
        return (informed, ignorant)
    }

    private func index(_ identifier: String) throws(RuntimeRefusal) -> Int {
        guard let index = members.firstIndex(where: { $0.identifier == identifier }) else {
            throw .extensionRefused(
                type: "Extension.UnknownExtensionIdentifier",
                message: "Unknown extension \(identifier)"
            )
        }
        return index
    }

    private func transition(_ member: Member, to state: State) -> RuntimeRefusal {
        .invalidExtensionState(
            "State transition from \(member.state.rawValue) to \(state.rawValue) failed for extension "
                + "\(member.identifier ?? member.name). Error: State transition is not allowed"
        )
    }
}
