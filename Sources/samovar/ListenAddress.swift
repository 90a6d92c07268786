// Where a command listens, of what the command line and samconfig.toml say.

internal import Compiler

/// `--host` and `--port`.
enum ListenAddress {
    /// - Parameters:
    ///   - host: the address of the command line.
    ///   - port: its port.
    ///   - settings: what counts where the command line does not say.
    ///   - standardPort: what counts where nobody does.
    /// - Returns: `host:port`, IPv6 addresses in brackets.
    /// - Throws: `CommandError` for a port that there is not.
    static func text(
        _ host: String?,
        _ port: Int?,
        _ settings: ToolConfiguration,
        standardPort: Int
    ) throws(CommandError) -> String {
        let host = host ?? settings.text("host") ?? "127.0.0.1"
        let port = port ?? settings.integer("port") ?? standardPort
        guard (0...65535).contains(port) else { throw CommandError("'\(port)' is no port; it is from 0 to 65535") }
        return host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
