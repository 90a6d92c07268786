// `samovar compile --check`: what a manifest that is out of date would say if it were not.

internal import Diagnostics
internal import Manifest
internal import Review
internal import SystemPackage

/// Compares a manifest that is there with the one that should be.
enum StaleManifest {
    /// What there is to see.
    struct Finding {
        /// For standard output: the changes by their meaning, or by lines where only the text differs.
        let difference: String
        /// For standard error: a sentence without a full stop.
        let verdict: String
    }

    /// Compares a file with a manifest.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - manifest: what it should hold.
    ///   - isColored: whether the difference is for a terminal.
    /// - Returns: nil where it holds exactly that.
    /// - Throws: `CommandError` where the file is there and cannot be read.
    static func finding(_ path: String, _ manifest: Manifest, isColored: Bool) throws(CommandError) -> Finding? {
        let bytes: [UInt8]
        do throws(Errno) { bytes = try InputFile.read(path) } catch {
            guard error == .noSuchFileOrDirectory else { throw CommandError("cannot read '\(path)': \(error)") }
            return Finding(
                difference: changes(path, Manifest(), manifest, isColored) ?? "",
                verdict: "'\(path)' does not exist; compile without --check"
            )
        }
        let text = manifest.text
        guard bytes != Array(text.utf8) else { return nil }
        let lines = ValueMask.covering(
            manifest: LineDifference.unified(
                String(decoding: bytes, as: UTF8.self),
                text,
                names: (path, "\(path) (compiled)")
            )
        )
        let old: Manifest
        do throws(ManifestError) { old = try Manifest(parsing: bytes) } catch {
            return Finding(
                difference: lines,
                verdict: "'\(path)' is no usable manifest: \(error); compile again without --check"
            )
        }
        guard old != manifest else {
            return Finding(
                difference: lines,
                verdict: "'\(path)' says the same in another order or spelling; compile again without --check"
            )
        }
        return Finding(
            difference: changes(path, old, manifest, isColored) ?? lines,
            verdict: "'\(path)' is out of date; compile again without --check"
        )
    }

    private static func changes(_ path: String, _ old: Manifest, _ new: Manifest, _ isColored: Bool) -> String? {
        let report = ManifestDiff.compare(
            ManifestRevision(name: path, manifest: old),
            ManifestRevision(name: "\(path) (compiled)", manifest: new)
        )
        let renderer = ChangeTextRenderer(isColored: isColored, width: TerminalWidth.standardOutput)
        return report.changes.isEmpty ? nil : renderer.render(report)
    }
}
