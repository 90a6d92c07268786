// What holds for any two manifests: nothing where they are the same, something where they are not, and mirror images.

import JSON
import Manifest
import Review
import Support
import Testing

struct ManifestDiffProperties {
    static func report(_ old: Manifest, _ new: Manifest) -> ChangeReport {
        ManifestDiff.compare(
            ManifestRevision(name: "old", manifest: old),
            ManifestRevision(name: "new", manifest: new),
            fingerprint: ChangeGolden.fingerprint
        )
    }

    private let rich: Manifest

    init() throws { rich = try Manifest(JSONReader(RichManifest.json)) }

    /// The rich manifest has every member of the schema, and for each there is a change that is a manifest.
    @Test func everyMemberIsChanged() throws {
        var missing = try RichManifest.schemaMembers()
        for path in RichManifest.places {
            let names = path.steps.compactMap { step in
                if case .member(let name) = step { name } else { nil }
            }
            guard let name = names.last else { continue }
            guard ManifestMutation.manifests(at: path, of: RichManifest.json).contains(where: { $0 != rich }) else {
                continue
            }
            missing = missing.filter { member in
                let parts = member.split(separator: "/", omittingEmptySubsequences: false)
                return parts.last! != name || !Self.section(String(parts[0]), holds: names)
            }
        }
        #expect(missing == ["value/secret"] || missing.isEmpty, "\(missing.sorted())")
    }

    /// Whether the names that lead to a member go through a definition of the schema.
    private static func section(_ definition: String, holds names: [String]) -> Bool {
        let keys = [
            "api": "apis", "authorizer": "authorizers", "domain": "domains", "gatewayResponse": "gatewayResponses",
            "route": "routes", "function": "functions", "apiKey": "apiKeys", "usagePlan": "usagePlans",
        ]
        let key = keys[definition] ?? definition
        return names.dropLast().contains(key) || definition == "value"
    }

    @Test func sameIsEmpty() throws {
        #expect(Self.report(rich, rich).changes.isEmpty)
        let again = try Manifest(parsing: Array(rich.text.utf8))
        #expect(Self.report(rich, again).changes.isEmpty && Self.report(again, rich).changes.isEmpty)
    }

    /// At every place of a manifest, whatever stands there otherwise is a change, and the mirror image of the other way.
    @Test(arguments: RichManifest.places)
    func everyPlaceMatters(_ path: JSONPath) {
        for other in ManifestMutation.manifests(at: path, of: RichManifest.json) {
            check(rich, other, "\(path.description)")
        }
    }

    @Test(arguments: 0..<200)
    func manyChangesAtOnce(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let old = ManifestMutation.manifest(near: RichManifest.json, by: &generator) ?? rich
        let new = ManifestMutation.manifest(near: RichManifest.json, by: &generator) ?? rich
        check(old, new, "seed \(seed)")
        let text = ChangeTextRenderer(isColored: false).render(Self.report(old, new))
        let shuffledOld = try Manifest(JSONReader(ManifestMutation.shuffled(old.json, by: &generator)))
        let shuffledNew = try Manifest(JSONReader(ManifestMutation.shuffled(new.json, by: &generator)))
        #expect(ChangeTextRenderer(isColored: false).render(Self.report(shuffledOld, shuffledNew)) == text)
    }

    private func check(_ old: Manifest, _ new: Manifest, _ what: String) {
        let forward = Self.report(old, new).changes
        let backward = Self.report(new, old).changes
        #expect(forward.isEmpty == (old.text == new.text), "\(what): \(difference(old, new))")
        let mirrored = Self.counted(backward.compactMap(Mirrored.init(mirroring:)))
        let expected = Self.counted(forward.filter { $0.rule.mirror != nil }.map(Mirrored.init))
        for change in Set(mirrored.keys).union(expected.keys) where mirrored[change] != expected[change] {
            Issue.record("\(what): \(change) \(expected[change] ?? 0) times, mirrored \(mirrored[change] ?? 0) times")
        }
    }

    private static func counted(_ changes: [Mirrored]) -> [Mirrored: Int] {
        changes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private func difference(_ old: Manifest, _ new: Manifest) -> String {
        let lines = Set(new.text.split(separator: "\n")).symmetricDifference(old.text.split(separator: "\n"))
        return lines.sorted().joined(separator: " | ")
    }
}

/// What a change and its mirror image have in common.
private struct Mirrored: Hashable, CustomStringConvertible {
    let rule: String
    let place: ChangePlace
    let oldPlace: ChangePlace
    let member: String
    let before: ChangeValue?
    let after: ChangeValue?

    init(_ change: Change) {
        rule = change.rule.id
        place = change.place
        oldPlace = change.oldPlace ?? change.place
        member = change.member
        before = change.before
        after = change.after
    }

    /// Nil where the rule has no mirror.
    init?(mirroring change: Change) {
        guard let mirror = change.rule.mirror else { return nil }
        rule = mirror
        place = change.oldPlace ?? change.place
        oldPlace = change.place
        member = change.member
        before = change.after
        after = change.before
    }

    var description: String { "\(rule) at \(place) from \(oldPlace), \(member)" }
}
