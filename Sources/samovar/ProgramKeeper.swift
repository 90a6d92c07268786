// Sees to it that nothing that a command has started outlives it, not even when it is killed with SIGKILL.

internal import Glibc
internal import Subprocess
internal import SystemPackage

/// A small process that waits for our end.
///
/// It reads a pipe that only we hold open for writing: when we are gone, however that happened, it reads the end of
/// the file, ends the processes whose numbers it has read before, and removes our folder. `PR_SET_PDEATHSIG` would not
/// do: it fires when the thread that started a process ends.
struct ProgramKeeper: Sendable {
    private static let script = """
        trap '' HUP INT TERM
        children=
        while read -r line; do
            if [ "$line" = done ]; then exit 0; fi
            children="$children $line"
        done
        for child in $children; do kill -TERM "$child"; done
        for turn in 1 2 3 4 5 6 7 8 9 10; do
            alive=
            for child in $children; do if kill -0 "$child"; then alive=1; fi; done
            if [ -z "$alive" ]; then break; fi
            sleep 0.3
        done
        for child in $children; do kill -KILL "-$child"; done
        rm -rf -- "$1"
        """

    private let pipe: FileDescriptor

    private init(pipe: FileDescriptor) { self.pipe = pipe }

    /// Runs a keeper while `body` runs.
    ///
    /// - Parameters:
    ///   - folder: what to remove should we be killed.
    ///   - body: receives the keeper.
    /// - Returns: what `body` returns.
    /// - Throws: `CommandError` when there are no descriptors left, and what `body` throws.
    static func withRunning<Value: Sendable>(
        folder: String,
        _ body: (ProgramKeeper) async throws -> Value
    ) async throws -> Value {
        let (reading, pipe) = try makePipe()
        let keeper = ProgramKeeper(pipe: pipe)
        let running = Task {
            var options = PlatformOptions()
            options.processGroupID = 0
            // Our descriptors would keep open what others read to its end.
            _ = try? await Subprocess.run(
                .path("/bin/sh"),
                arguments: ["-c", script, "samovar-keeper", folder],
                platformOptions: options,
                input: .fileDescriptor(reading, closeAfterSpawningProcess: true),
                output: .discarded,
                error: .discarded
            )
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body(keeper)) } catch { result = .failure(error) }
        keeper.write("done")
        try? keeper.pipe.close()
        await running.value
        return try result.get()
    }

    private static func makePipe() throws -> (reading: FileDescriptor, writing: FileDescriptor) {
        do {
            let ends = try FileDescriptor.pipe()
            // Who else held the writing end would keep the keeper waiting.
            for end in [ends.readEnd, ends.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
            return (ends.readEnd, ends.writeEnd)
        } catch { throw CommandError("cannot make a pipe: \(error)") }
    }

    /// Adds a process, the first of its group, to those that must not outlive us.
    func watch(_ process: pid_t) { write("\(process)") }

    private func write(_ line: String) {
        // Without a keeper we go on: it only matters where we are killed.
        _ = try? pipe.writeAll(Array("\(line)\n".utf8))
    }
}
