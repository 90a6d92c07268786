// How wide the terminal is that a report goes to.

internal import Glibc

/// The columns of a terminal.
enum TerminalWidth {
    /// The columns of what standard output leads to: a terminal (ioctl_tty(2)), or git's pager, for which git sets
    /// `COLUMNS` and `GIT_PAGER_IN_USE`; nil elsewhere, so that files and pipes get the same on every machine.
    static var standardOutput: Int? {
        if isatty(STDOUT_FILENO) == 1 {
            var size = winsize()
            guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
            return Int(size.ws_col)
        }
        guard HostEnvironment.variable("GIT_PAGER_IN_USE") != nil else { return nil }
        return HostEnvironment.variable("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
