// `samovar check --fix`: mended files in the place of the old ones, all of them or none.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import SystemPackage

/// Writes what came of mending.
enum MendedFiles {
    /// Writes the files and says what was done to them. All are written beside the old ones before the first takes
    /// its place, so that a full disk changes nothing.
    ///
    /// - Throws: `ExitCode` after it has said which file cannot be written, or has changed since it was read.
    static func write(_ files: [Mending.File]) throws {
        var pending: [PendingFile] = []
        for file in files { pending.append(try PendingFile(file)) }
        for file in pending { try file.commit() }
        for file in files {
            for step in file.steps {
                let place = step.fixIt.span
                let words = "\(place.file):\(place.start.line):\(place.start.column): fixed: \(step.fixIt.message)"
                Console.say("\(words.visible) [\(step.code)]\n")
            }
        }
    }

    /// A file that is ready to take its place; a class, since what cannot be copied does not fit into an array.
    private final class PendingFile {
        private let path: String
        private var replacement: FileReplacement

        init(_ file: Mending.File) throws {
            path = file.path
            do {
                guard try InputFile.read(file.path) == file.old else {
                    throw Console.failure("'\(file.path)' is left alone: it has changed, or is not text in UTF-8")
                }
                replacement = try FileReplacement(of: file.path, with: file.new)
            } catch let error as Errno { throw Console.failure("cannot write '\(file.path)': \(error)") }
        }

        func commit() throws {
            do throws(Errno) { try replacement.commit() } catch {
                throw Console.failure("cannot write '\(path)': \(error)")
            }
        }
    }
}

extension Mending.File {
    /// What changes, in the unified format.
    var difference: String {
        LineDifference.unified(
            String(decoding: old, as: UTF8.self),
            String(decoding: new, as: UTF8.self),
            names: (path, "\(path) (fixed)")
        )
    }
}
