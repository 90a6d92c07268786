// What all functions of a host share.

internal import Logging
internal import NIOCore

/// The parts of the host that its functions use.
struct HostServices {
    /// Everything about functions happens on this loop.
    let eventLoop: any EventLoop
    let keeper: ProcessKeeper
    let launcher: RuntimeLauncher
    let bootstraps: BootstrapFiles
    let identity: HostIdentity
    let logger: Logger
    /// How many processes one function may have.
    let maximumProcesses: Int
    /// How many requests of one function may wait.
    let maximumQueue: Int
}
