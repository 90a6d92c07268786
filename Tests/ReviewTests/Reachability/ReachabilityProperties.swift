// What the comparison says of moved requests, held against every request of a small world, sent through both tables.

import Manifest
import Routing
import Support
import Testing

@testable import Review

@Suite("Reachability, by brute force")
struct ReachabilityProperties {
    /// All paths of up to five segments out of two literals and a text that no route has.
    private static let paths: [[UInt8]] = {
        var paths = [""]
        var last = [""]
        for _ in 0..<5 {
            last = last.flatMap { stem in ["a", "b", "~"].map { "\(stem)/\($0)" } }
            paths += last
        }
        return paths.map { Array(($0.isEmpty ? "/" : $0).utf8) }
    }()

    /// The third stands for all methods that only `ANY` takes.
    private static let methods: [RouteMethod] = [.get, .post, .put]

    @Test("Within one API every request that moves is named, and none that does not", arguments: 0..<250)
    func oneAPI(seed: Int) throws {
        var chance = SeededGenerator(seed: UInt64(seed))
        let old = Self.api(try Self.keys(&chance))
        let new = Self.api(try Self.changed(Array(old.routes.keys).sorted(), &chance))
        let pairing = RoutePairing(old.routes.keys, new.routes.keys)
        let moves = Self.moves(["A": old], ["A": new]).filter { move in
            move.from.shape != move.to.shape
                && !pairing.pairs.contains { $0.old == move.from && $0.new == move.to }
        }
        try Self.check(["A": old], ["A": new], moves)
    }

    @Test("Between APIs on one port every request that moves is named, and none that does not", arguments: 0..<150)
    func port(seed: Int) throws {
        var chance = SeededGenerator(seed: UInt64(seed) + 1000)
        var (old, new): ([String: API], [String: API]) = ([:], [:])
        for id in ["A", "B", "C"] {
            let keys = try Self.keys(&chance)
            if Int.random(in: 0..<4, using: &chance) > 0 { old[id] = Self.api(keys) }
            let isSame = Bool.random(using: &chance)
            if Int.random(in: 0..<4, using: &chance) > 0 {
                new[id] = Self.api(isSame ? keys : try Self.changed(keys, &chance))
            }
        }
        // One API in place of another is another address, which `api-removed` says.
        guard old.count > 1 || new.count > 1 else { return }
        let moves = Self.moves(old, new).filter { $0.fromAPI != $0.toAPI }
        try Self.check(old, new, moves, only: { $0.fromAPI != $0.toAPI })
    }

    // MARK: - What is expected

    private struct Move: Hashable, CustomStringConvertible {
        let fromAPI: String
        let from: RouteKey
        let toAPI: String
        let to: RouteKey

        var description: String { "\(fromAPI) \(from) → \(toAPI) \(to)" }
    }

    /// The moves of every request there is.
    private static func moves(_ old: [String: API], _ new: [String: API]) -> Set<Move> {
        let (before, after) = (World(old), World(new))
        var moves: Set<Move> = []
        for path in paths {
            for method in methods {
                guard let from = before.route(path, method), let to = after.route(path, method), from != to else {
                    continue
                }
                moves.insert(Move(fromAPI: from.api, from: from.key, toAPI: to.api, to: to.key))
            }
        }
        return moves
    }

    private static func check(
        _ old: [String: API],
        _ new: [String: API],
        _ expected: Set<Move>,
        only: (Move) -> Bool = { _ in true }
    ) throws {
        let functions = ["F": Function()]
        let report = ManifestDiff.compare(
            ManifestRevision(name: "old", manifest: Manifest(apis: old, functions: functions)),
            ManifestRevision(name: "new", manifest: Manifest(apis: new, functions: functions)),
            fingerprint: { $0 }
        )
        var found: Set<Move> = []
        for change in report.changes where change.rule == .routeCaptured || change.rule == .routeReleased {
            guard case .route(let to, let toAPI) = change.place,
                case .route(let from, let fromAPI)? = change.oldPlace
            else {
                Issue.record("\(change.rule.id) of \(change.place)")
                continue
            }
            let move = Move(fromAPI: fromAPI, from: from, toAPI: toAPI, to: to)
            guard only(move) else { continue }
            #expect(found.insert(move).inserted, "\(move) twice")
            // The example goes the way that it is an example of.
            let example = try #require(change.example)
            let method = try #require(RouteMethod(rawValue: example.method))
            let path = Array(example.path.utf8)
            #expect(World(old).route(path, method) == World.Place(api: fromAPI, key: from), "\(move)")
            #expect(World(new).route(path, method) == World.Place(api: toAPI, key: to), "\(move)")
        }
        let tables = "\(Self.shown(old)) | \(Self.shown(new))"
        // A search that ended early says so.
        let missing = report.remarks.isEmpty ? expected.subtracting(found) : []
        #expect(missing.isEmpty, "not named: \(missing) of \(tables)")
        // Longer paths than those of the small world may move, too.
        let examples = found.subtracting(expected)
        #expect(examples.isEmpty, "named without a request: \(examples) of \(tables)")
    }

    private static func shown(_ apis: [String: API]) -> String {
        apis.sorted { $0.key < $1.key }
            .map { "\($0.key): \($0.value.routes.keys.sorted().map(\.description).joined(separator: ", "))" }
            .joined(separator: "; ")
    }

    /// APIs that share an address: of their most specific routes that of the first by id.
    private struct World {
        struct Place: Hashable {
            let api: String
            let key: RouteKey
        }

        private let apis: [(id: String, keys: [RouteKey], table: RouteTable)]

        init(_ apis: [String: API]) {
            self.apis = apis.sorted { $0.key < $1.key }.map { id, api in
                let keys = Array(api.routes.keys)
                return (id, keys, RouteTable(keys))
            }
        }

        func route(_ path: [UInt8], _ method: RouteMethod) -> Place? {
            var best: Place?
            for (id, keys, table) in apis {
                let match = path.withUnsafeBytes { table.match($0, method: method.position) }
                guard let key = match.map({ keys[$0.route] }) else { continue }
                if best.map({ RouteOrder.precedes(key, $0.key) }) ?? true { best = Place(api: id, key: key) }
            }
            return best
        }
    }

    // MARK: - Tables by chance

    private static func api(_ keys: [RouteKey]) -> API {
        var api = API(kind: .http, stage: "$default")
        for key in keys { api.routes[key] = Route(function: "F", payload: .v2) }
        return api
    }

    private static func keys(_ chance: inout SeededGenerator) throws -> [RouteKey] {
        var keys: [RouteKey] = []
        for _ in 0..<Int.random(in: 1..<9, using: &chance) { keys.append(try key(&chance)) }
        return distinct(keys)
    }

    /// Some routes less, some more.
    private static func changed(_ keys: [RouteKey], _ chance: inout SeededGenerator) throws -> [RouteKey] {
        var keys = keys.filter { _ in Int.random(in: 0..<4, using: &chance) > 0 }
        for _ in 0..<Int.random(in: 0..<3, using: &chance) { keys.append(try key(&chance)) }
        return distinct(keys)
    }

    /// No two routes that take the same requests.
    private static func distinct(_ keys: [RouteKey]) -> [RouteKey] {
        var shapes: Set<String> = []
        return keys.filter { shapes.insert($0.shape).inserted }
    }

    private static func key(_ chance: inout SeededGenerator) throws -> RouteKey {
        if Int.random(in: 0..<12, using: &chance) == 0 { return .fallback }
        var path = ""
        for depth in 0..<Int.random(in: 0..<5, using: &chance) {
            let segment = ["a", "b", "{p\(depth)}", "{p\(depth)}", "{q+}"].randomElement(using: &chance) ?? "a"
            path += "/" + segment
            if segment == "{q+}" { break }
        }
        let method = [RouteMethod.get, .post, .any].randomElement(using: &chance) ?? .any
        return .path(method, try PathPattern(path.isEmpty ? "/" : path))
    }
}
