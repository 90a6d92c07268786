// What changed between two manifests: the table of contents of the comparison.

package import Manifest

/// One side of a comparison.
package struct ManifestRevision: Sendable {
    /// What it is called: a path, `HEAD~1:template.yaml`.
    package let name: String
    package let manifest: Manifest
    /// The values that the manifest only names, where they are known.
    package let secrets: Secrets
    /// Whether all texts of the manifest are known to be ASCII, which has one spelling only.
    package let isASCII: Bool

    package init(name: String, manifest: Manifest, secrets: Secrets = Secrets(), isASCII: Bool = false) {
        self.name = name
        self.manifest = manifest
        self.secrets = secrets
        self.isASCII = isASCII
    }
}

/// Compares manifests.
package enum ManifestDiff {
    /// Compares two manifests in time linear in their size.
    ///
    /// - Parameters:
    ///   - old: the manifest before.
    ///   - new: the manifest after.
    ///   - fingerprint: a short text for a value that may be secret, the same for the same value, from which nobody can
    ///     find the value.
    /// - Returns: the changes in the order of the manifest; none where both say the same.
    package static func compare(
        _ old: ManifestRevision,
        _ new: ManifestRevision,
        fingerprint: @escaping (String) -> String
    ) -> ChangeReport {
        let (old, new) = ManifestRevision.spelledApart(old, new)
        var changes = ChangeCollector(old, new, fingerprint: fingerprint)
        changes.compareAPIs(old.manifest, new.manifest)
        changes.compareFunctions(old.manifest, new.manifest)
        changes.compareAPIKeys(old.manifest, new.manifest)
        changes.compareUsagePlans(old.manifest, new.manifest)
        changes.compareReachability(old.manifest, new.manifest)
        var report = ChangeReport(oldName: old.name, newName: new.name, changes: changes.sorted)
        report.remarks = changes.remarks
        report.isUnfinished = changes.isUnfinished
        return report
    }
}
