// The parts of a host that live on its event loop.

internal import Listening

/// What a host consists of once it runs. Confined to the host's event loop.
final class HostCore {
    let table: FunctionTable
    let api: InvokeAPI
    let connections = ConnectionRegistry(maximumCount: DescriptorLimit.connections(wanted: .max))
    let watcher: CodeWatcher

    init(services: HostServices) {
        table = FunctionTable(services: services)
        api = InvokeAPI(target: table)
        watcher = CodeWatcher(eventLoop: services.eventLoop, logger: services.logger)
    }

    /// Watches the code of the functions that there are now.
    func watch(ignoring files: HostFiles) {
        watcher.watch(table.watchedPaths, ignoring: files.names) { [weak self] event in
            switch event {
            case .changing(let paths): self?.table.codeIsChanging(paths)
            case .changed(let paths): self?.table.refresh(paths)
            }
        }
    }
}
