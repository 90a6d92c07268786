// Comparing with the fingerprints of this machine, or of the team.

internal import Review

extension ManifestDiff {
    /// Compares two manifests. The key of the fingerprints is read, and made, only where there is something to hide.
    static func compare(_ old: ManifestRevision, _ new: ManifestRevision) -> ChangeReport {
        var fingerprint: ValueFingerprint?
        return compare(old, new) { value in
            let known = fingerprint ?? ValueFingerprint()
            fingerprint = known
            return known(value)
        }
    }
}
