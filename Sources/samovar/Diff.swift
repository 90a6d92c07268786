// `samovar diff`: which requests will go elsewhere, break, or become public.

internal import ArgumentParser
internal import Manifest
internal import Review

/// Compares two manifests.
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two manifests by what changes for requests and for trust."
    )

    @Argument(help: "The manifest before.", completion: .file(extensions: ["json"]))
    var old: String

    @Argument(help: "The manifest after.", completion: .file(extensions: ["json"]))
    var new: String

    func run() throws {
        let fingerprint = ValueFingerprint()
        let report = ManifestDiff.compare(try revision(old), try revision(new)) { fingerprint($0) }
        try Console.write(ChangeTextRenderer(isColored: false).render(report))
    }

    private func revision(_ path: String) throws -> ManifestRevision {
        do {
            return ManifestRevision(name: path, manifest: try Manifest(parsing: try InputFile.read(path)))
        } catch { throw Console.failure("'\(path)' is no usable manifest: \(error)") }
    }
}
