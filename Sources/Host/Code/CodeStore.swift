// The folders from which functions run: archives unpacked and layers merged, each once for all functions.

internal import FileWatch
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A function whose code and layers are folders of this machine, and what must be kept while it runs.
struct PlacedFunction: Sendable {
    let definition: FunctionDefinition
    /// The folders in use that are the host's own.
    let folders: [CodeFolder]
}

/// Places the code of functions. Unpacking happens on a thread of its own, one archive at a time.
final class CodeStore: Sendable {
    private struct Archive {
        let fingerprint: FileFingerprint
        let folder: CodeFolder
        /// Bytes, unpacked.
        let size: Int64
    }

    private struct State {
        var archives: [String: Archive] = [:]
        /// By the folders of the layers.
        var merges: [[String]: LayerMerge] = [:]
        /// The layers that are known to be missing.
        var missing: Set<Layer> = []
        var counter = 0
    }

    private let directory: String
    private let logger: Logger
    private let cleaner: Cleaner
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    /// - Parameters:
    ///   - directory: where the folders go; need not be there yet.
    ///   - cleaner: removes them.
    ///   - logger: where layers that are missing are reported.
    init(directory: String, cleaner: Cleaner, logger: Logger) {
        self.directory = directory
        self.cleaner = cleaner
        self.logger = logger
        threads.start()
    }

    /// Ends the thread; nothing is placed any more.
    func stop() async {
        try? await threads.shutdownGracefully()
        state.withLock { $0 = State() }
    }

    /// Places the code of a function as it is now; fails with `FunctionFailure`.
    func place(_ function: FunctionDefinition, eventLoop: any EventLoop) -> EventLoopFuture<PlacedFunction> {
        guard !function.layers.isEmpty || function.codeDirectory.map(Self.isArchiveName) == true else {
            return eventLoop.makeSucceededFuture(PlacedFunction(definition: function, folders: []))
        }
        return threads.runIfActive(eventLoop: eventLoop) { try self.place(function) }
    }

    private static func isArchiveName(_ path: String) -> Bool {
        let name = path.lowercased()
        return [".zip", ".jar"].contains { name.hasSuffix($0) }
    }

    /// Blocks.
    private func place(_ function: FunctionDefinition) throws(FunctionFailure) -> PlacedFunction {
        try state.withLock { state throws(FunctionFailure) in
            var placed = function
            var folders: [CodeFolder] = []
            var size: Int64 = 0
            if let path = function.codeDirectory, Self.isArchiveName(path), !Folder.exists(path) {
                let archive = try unpacked(path, "the code of '\(function.id)'", &state)
                placed.codeDirectory = archive.folder.path
                folders.append(archive.folder)
                size += archive.size
            }
            for layer in function.layers {
                guard let path = find(layer, of: function, &state) else { continue }
                if Folder.exists(path) {
                    placed.layerDirectories.append(path)
                } else {
                    let archive = try unpacked(path, "a layer of '\(function.id)'", &state)
                    placed.layerDirectories.append(archive.folder.path)
                    folders.append(archive.folder)
                    size += archive.size
                }
            }
            guard size <= ArchiveExtraction.maximumSize else {
                throw .unstartable(
                    type: "Runtime.InvalidZipFile",
                    message: "the archives of '\(function.id)' and its layers come to \(size) bytes unpacked; "
                        + "Lambda takes at most \(ArchiveExtraction.maximumSize)"
                )
            }
            if placed.layerDirectories.count > 1 {
                let folder = try merged(placed.layerDirectories, of: function, &state)
                placed.optDirectory = folder.path
                folders.append(folder)
            } else {
                placed.optDirectory = placed.layerDirectories.first
            }
            return PlacedFunction(definition: placed, folders: folders)
        }
    }

    private func find(_ layer: Layer, of function: FunctionDefinition, _ state: inout State) -> String? {
        if let path = layer.places.first(where: { access($0, F_OK) == 0 }) {
            state.missing.remove(layer)
            return path
        }
        if state.missing.insert(layer).inserted {
            var metadata: Logger.Metadata = ["function": "\(function.id)"]
            metadata["layer"] = (layer.arn ?? layer.path).map { "\($0)" }
            metadata["remedy"] = layer.remedy.map { "\($0)" }
            logger.warning("a layer is not on this machine, functions run without it", metadata: metadata)
        }
        return nil
    }

    private func unpacked(_ path: String, _ what: String, _ state: inout State) throws(FunctionFailure) -> Archive {
        guard let fingerprint = FileFingerprint(path: path) else {
            throw Self.invalid(path, what, errorText(errno))
        }
        if let known = state.archives[path], known.fingerprint == fingerprint { return known }
        if let old = state.archives.removeValue(forKey: path)?.folder.path {
            state.merges = state.merges.filter { !$0.key.contains(old) }
        }
        do throws(ArchiveError) {
            let folder = try makeFolder(&state)
            let size = try ArchiveExtraction.unpack(path, into: folder.path)
            let archive = Archive(fingerprint: fingerprint, folder: folder, size: size)
            state.archives[path] = archive
            return archive
        } catch {
            throw Self.invalid(path, what, error.description)
        }
    }

    private static func invalid(_ path: String, _ what: String, _ reason: String) -> FunctionFailure {
        .unstartable(type: "Runtime.InvalidZipFile", message: "\(what) cannot be unpacked: '\(path)': \(reason)")
    }

    private func merged(
        _ layers: [String],
        of function: FunctionDefinition,
        _ state: inout State
    ) throws(FunctionFailure) -> CodeFolder {
        if let known = state.merges[layers], known.isCurrent { return known.folder }
        state.merges[layers] = nil
        do throws(ArchiveError) {
            let merge = try LayerMerge(layers, into: makeFolder(&state))
            state.merges[layers] = merge
            return merge.folder
        } catch {
            throw .unstartable(
                type: "Runtime.InvalidLayer",
                message: "the layers of '\(function.id)' cannot be merged: \(error)"
            )
        }
    }

    private func makeFolder(_ state: inout State) throws(ArchiveError) -> CodeFolder {
        state.counter += 1
        let path = "\(directory)/\(state.counter)"
        do throws(ProcessStartError) { try Folder.make(path) } catch { throw ArchiveError(error.description) }
        // libarchive takes a link in the path for one that the archive has made.
        return CodeFolder(path: Folder.resolved(path) ?? path, cleaner: cleaner)
    }
}
