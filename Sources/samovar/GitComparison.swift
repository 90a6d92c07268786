// What a change of a file means, or why that cannot be told.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import Manifest
internal import Review
internal import SystemPackage

/// The outcome of comparing two versions of a file for git.
enum GitComparison {
    /// What changed, and whether the files are templates, which say more than their manifests.
    case report(ChangeReport, isTemplate: Bool)
    /// The lines say it better, with a reason where one would ask for it.
    case lines(reason: String?)

    /// Compares both sides of a change; a change is never hidden.
    static func compare(_ change: GitFileChange) -> Self {
        guard change.old.isRegular, change.new.isRegular else { return .lines(reason: nil) }
        do throws(GitSideError) {
            let old = try GitSide(change.old, name: change.old.label("a"))
            let new = try GitSide(change.new, name: change.new.label("b"))
            // Of another tool: these names are nobody's own.
            if old.revision.manifest == Manifest(), new.revision.manifest == Manifest() { return .lines(reason: nil) }
            let report = ManifestDiff.compare(old.revision, new.revision)
            if !report.changes.isEmpty { return .report(report, isTemplate: old.isTemplate || new.isTemplate) }
            if old.revision.manifest != new.revision.manifest {
                return .lines(reason: "the manifests differ in what the review does not know")
            }
            // A manifest is there to be compared: what differs are blanks, or the order.
            if !old.isTemplate, !new.isTemplate { return .lines(reason: "both manifests say the same") }
            return .report(report, isTemplate: true)
        } catch { return .lines(reason: error.reason) }
    }
}

/// Why a side cannot be compared.
struct GitSideError: Error {
    let reason: String
}

/// One version of a manifest or a template.
struct GitSide {
    let revision: ManifestRevision
    let isTemplate: Bool

    /// Reads a version.
    ///
    /// git gives the contents of one file and not the revision that it is of, so what a template includes is that of
    /// the working tree, on both sides.
    ///
    /// - Throws: `GitSideError` where it cannot be read or does not compile.
    init(_ side: GitFileChange.Side, name: String) throws(GitSideError) {
        guard side.exists else {
            revision = ManifestRevision(name: name, manifest: Manifest(), isASCII: true)
            isTemplate = false
            return
        }
        let bytes: [UInt8]
        do throws(Errno) { bytes = try InputFile.read(side.file) } catch {
            throw GitSideError(reason: "'\(name)' cannot be read: \(error)")
        }
        let taken = try Self(bytes, path: side.path, name: name)
        revision = taken.revision
        isTemplate = taken.isTemplate
    }

    /// Takes a text for the file of a path.
    ///
    /// - Throws: `GitSideError` where it does not compile.
    init(_ bytes: [UInt8], path: String, name: String) throws(GitSideError) {
        do {
            var source = ReviewSource(file: path)
            source.contents = bytes
            switch try ManifestFile(try CompilationArguments.parse([]).options(source)) {
            case .manifest(let manifest, let isASCII):
                revision = ManifestRevision(name: name, manifest: manifest, isASCII: isASCII)
                isTemplate = false
            case .template(let compilation):
                guard let manifest = compilation.manifest else {
                    throw GitSideError(reason: "'\(name)' does not compile: \(compilation.firstError)")
                }
                revision = ManifestRevision(name: name, manifest: manifest, secrets: compilation.secrets)
                isTemplate = true
            }
        } catch let error as GitSideError { throw error } catch let error as CommandError {
            throw GitSideError(reason: error.message)
        } catch { throw GitSideError(reason: "the options of '\(path)' cannot be read: \(error)") }
    }
}

extension Compilation {
    /// The first error with its line and column.
    fileprivate var firstError: String {
        let error = diagnostics.first { $0.severity == .error }
        let place = error?.span.map { "\($0.start.line):\($0.start.column): " } ?? ""
        return place + (error?.message ?? "")
    }
}
