// How changes of functions, limits, keys and plans are judged, case by case.

import JSON
import Manifest
import Review
import Testing

struct FunctionJudgementTests {
    /// A manifest of one function, one API of one route, and what else there is.
    private static func manifest(_ change: (inout Manifest) -> Void) -> Manifest {
        var api = API(kind: .rest, stage: "Prod")
        if let key = try? RouteKey("GET /orders", kind: .rest) {
            api.routes[key] = Route(function: "Orders", payload: .v1)
        }
        var manifest = Manifest(apis: ["Shop": api], functions: ["Orders": Function()])
        change(&manifest)
        return manifest
    }

    /// Rule, impact and security of each change: `function-endpoint-exposed risky weakens`.
    private static func judgements(_ old: Manifest, _ new: Manifest) -> [String] {
        ManifestDiffProperties.report(old, new).changes.map { change in
            "\(change.rule.id) \(change.impact.rawValue) \(change.security?.rawValue ?? "-")"
        }
    }

    /// A key that stood in the manifest and now stands beside it is trusted to fewer, and the other way around.
    @Test func keyValues() {
        func key(_ value: EnvironmentValue) -> Manifest {
            manifest { manifest in
                manifest.apiKeys["Acme"] = APIKey()
                manifest.apiKeys["Acme"]?.value = value
            }
        }
        func manifest(_ change: (inout Manifest) -> Void) -> Manifest {
            var manifest = Manifest()
            change(&manifest)
            return manifest
        }
        let (open, secret) = (key(.text("plain-4711")), key(.secret("env.json")))
        #expect(Self.judgements(open, secret) == ["key-value-changed breaking strengthens"])
        #expect(Self.judgements(secret, open) == ["key-value-changed breaking weakens"])
        #expect(Self.judgements(open, key(.text("plain-4712"))) == ["key-value-changed breaking review"])
    }

    private static func endpoint(_ url: String?) throws -> Manifest {
        let endpoint = try url.map { try Endpoint(wire: .lambda, url: $0) }
        return manifest { $0.functions["Orders"]?.endpoint = endpoint }
    }

    @Test(
        arguments: [
            (nil, "http://127.0.0.1:3001", nil), (nil, "http://127.0.0.1:3002", "changed risky review"),
            ("http://localhost:1", "https://localhost:1", "changed risky review"),
            ("https://127.0.0.1:1", "http://127.0.0.1:1", "changed risky review"),
            ("https://[::1]:1", "http://127.9.9.9:1", "changed risky review"),
            ("http://[0:0:0:0:0:0:0:1]:1", "http://LocalHost.:1", "changed risky review"),
            ("http://[::ffff:127.0.0.1]:1", "http://api.localhost:1", "changed risky review"),
            (nil, "http://10.0.0.1:3001", "exposed risky weakens"),
            (nil, "https://192.168.0.1", "exposed risky weakens"),
            (nil, "http://[fd00::1]:1", "exposed risky weakens"), (nil, "http://[::2]:1", "exposed risky weakens"),
            (nil, "http://[1::1]:1", "exposed risky weakens"), (nil, "http://[::]:1", "exposed risky weakens"),
            (nil, "http://[1::]:1", "exposed risky weakens"),
            (nil, "http://0.0.0.0:1", "exposed risky weakens"), (nil, "http://127.1:1", "exposed risky weakens"),
            (nil, "http://127.0.0.1.example.com:1", "exposed risky weakens"),
            (nil, "http://127.0.0.256:1", "exposed risky weakens"),
            (nil, "http://notlocalhost:1", "exposed risky weakens"),
            (nil, "http://host.docker.internal:1", "exposed risky weakens"),
            ("https://a.example.com", nil, "enclosed risky strengthens"),
            ("https://a.example.com", "http://a.example.com", "unencrypted risky weakens"),
            ("https://a.example.com", "http://10.0.0.1", "unencrypted risky weakens"),
            ("http://a.example.com", "https://b.example.com", "encrypted risky strengthens"),
            ("https://a.example.com", "https://b.example.com", "changed risky review"),
            ("http://10.0.0.1", "http://10.0.0.2", "changed risky review"),
        ] as [(String?, String?, String?)]
    )
    func endpoints(_ old: String?, _ new: String?, _ judgement: String?) throws {
        let judgements = Self.judgements(try Self.endpoint(old), try Self.endpoint(new))
        #expect(judgements == (judgement.map { ["function-endpoint-\($0)"] } ?? []))
    }

    @Test func functionsThatComeAreJudgedByTheirEndpoint() throws {
        let none = Self.manifest { $0.functions["Mailer"] = nil }
        let local = Self.manifest { $0.functions["Mailer"] = Function() }
        let remote = Self.manifest { manifest in
            manifest.functions["Mailer"] = Function()
            manifest.functions["Mailer"]?.endpoint = Endpoint(wire: .http, host: "10.0.0.1", port: 80)
        }
        #expect(Self.judgements(none, local) == ["function-added compatible -"])
        #expect(Self.judgements(none, remote) == ["function-added compatible weakens"])
        #expect(Self.judgements(remote, none) == ["function-removed compatible -"])
    }

    @Test(
        arguments: [
            (nil, 5, "concurrency-lowered risky -"), (nil, 0, "concurrency-lowered breaking -"),
            (5, 0, "concurrency-lowered breaking -"), (5, 4, "concurrency-lowered risky -"),
            (0, 5, "concurrency-raised compatible -"), (0, nil, "concurrency-raised compatible -"),
        ] as [(Int?, Int?, String)]
    )
    func concurrency(_ old: Int?, _ new: Int?, _ judgement: String) {
        func limited(_ limit: Int?) -> Manifest {
            Self.manifest { $0.functions["Orders"]?.reservedConcurrency = limit }
        }
        #expect(Self.judgements(limited(old), limited(new)) == [judgement])
    }

    /// The limit of a route in place of its stage's.
    @Test(
        arguments: [
            (nil, nil, 5, nil, "throttle-added risky strengthens"),
            (nil, nil, 0, nil, "throttle-added breaking strengthens"),
            (nil, 50, 5, 50, "throttle-lowered risky strengthens"),
            (nil, 50, 80, 50, "throttle-raised compatible weakens"),
            (nil, 50, 50, 50, "throttle-added compatible -"), (50, 50, nil, 50, "throttle-removed compatible -"),
            (5, 50, nil, 50, "throttle-raised compatible weakens"),
            (5, nil, nil, nil, "throttle-removed compatible weakens"),
            (5, nil, 0, nil, "throttle-lowered breaking strengthens"),
            (0, nil, 5, nil, "throttle-raised compatible weakens"),
        ] as [(Int?, Int?, Int?, Int?, String)]
    )
    func throttles(_ old: Int?, _ oldStage: Int?, _ new: Int?, _ newStage: Int?, _ judgement: String) {
        func limited(_ own: Int?, _ stage: Int?) -> Manifest {
            Self.manifest { manifest in
                manifest.apis["Shop"]?.throttle = stage.map { Throttle(burst: $0) }
                for key in manifest.apis["Shop"]?.routes.keys.map({ $0 }) ?? [] {
                    manifest.apis["Shop"]?.routes[key]?.throttle = own.map { Throttle(burst: $0) }
                }
            }
        }
        #expect(Self.judgements(limited(old, oldStage), limited(new, newStage)) == [judgement])
    }

    @Test(
        arguments: [
            (100, .day, 100, .month, "throttle-lowered risky strengthens"),
            (100, .day, 700, .week, "throttle-raised compatible weakens"),
            (100, .day, 600, .week, "throttle-lowered risky strengthens"),
            (100, .day, 0, .day, "throttle-lowered breaking strengthens"),
            (100, .week, 101, .week, "throttle-raised compatible weakens"),
        ] as [(Int, UsagePlan.Quota.Period, Int, UsagePlan.Quota.Period, String)]
    )
    func quotas(
        _ old: Int,
        _ oldPeriod: UsagePlan.Quota.Period,
        _ new: Int,
        _ newPeriod: UsagePlan.Quota.Period,
        _ judgement: String
    ) {
        func limited(_ requests: Int, _ period: UsagePlan.Quota.Period) -> Manifest {
            var plan = UsagePlan()
            plan.quota = UsagePlan.Quota(requests: requests, period: period)
            return Self.manifest { $0.usagePlans["Gold"] = plan }
        }
        #expect(Self.judgements(limited(old, oldPeriod), limited(new, newPeriod)) == [judgement])
    }

    @Test(
        arguments: [
            (nil, .text("x"), "environment-added compatible -"),
            (nil, .text("postgres://a:b@c/d"), "environment-added compatible weakens"),
            (nil, .secret("env.json"), "environment-added compatible -"),
            (.text("x"), .text("y"), "environment-changed risky -"),
            (.secret("a"), .secret("b"), "environment-changed risky -"),
            (.secret("a"), .text("b"), "environment-secret-exposed compatible weakens"),
            (.text("b"), .secret("a"), "environment-secret-hidden compatible strengthens"),
            (.secret("a"), nil, "environment-removed risky -"),
        ] as [(EnvironmentValue?, EnvironmentValue?, String)]
    )
    func variables(_ old: EnvironmentValue?, _ new: EnvironmentValue?, _ judgement: String) {
        func with(_ value: EnvironmentValue?) -> Manifest {
            Self.manifest { $0.functions["Orders"]?.environment["X"] = value }
        }
        #expect(Self.judgements(with(old), with(new)) == [judgement])
    }

    /// Which lines of code in a template are others.
    @Test(
        arguments: [
            ("a\nb\nc", "a\nx\nc", "line 2 of 3", "line 2 of 3"), ("a\nc", "a\nb\nc", "2 lines", "line 2 of 3"),
            ("a\nb\nc\nd", "a\nd", "lines 2-3 of 4", "2 lines"), ("a", "b", "line 1 of 1", "line 1 of 1"),
            ("a\na", "a\na\na", "2 lines", "line 3 of 3"), (nil, "a\nb", nil, "2 lines"), ("a", nil, "1 line", nil),
        ] as [(String?, String?, String?, String?)]
    )
    func inlineCode(_ old: String?, _ new: String?, _ before: String?, _ after: String?) {
        func with(_ code: String?) -> Manifest { Self.manifest { $0.functions["Orders"]?.inlineCode = code } }
        let changes = ManifestDiffProperties.report(with(old), with(new)).changes
        #expect(changes.map(\.rule.id) == ["function-code-changed"])
        #expect(changes.first?.before == before.map { .shown(.string($0)) })
        #expect(changes.first?.after == after.map { .shown(.string($0)) })
    }

    /// A REST API whose routes need a key, and who is in which plan.
    private static func plans(needsKey: Bool = true, _ plans: [String: [String]]) -> Manifest {
        manifest { manifest in
            for key in manifest.apis["Shop"]?.routes.keys.sorted() ?? [] {
                manifest.apis["Shop"]?.routes[key]?.isKeyRequired = needsKey
            }
            manifest.apiKeys = ["Acme": APIKey(), "Zenith": APIKey()]
            for (name, keys) in plans {
                var plan = UsagePlan()
                plan.apis = ["Shop": [:]]
                plan.keys = keys
                manifest.usagePlans[name] = plan
            }
        }
    }

    /// Keys come and go only where no other plan opens the same to them, and where they are needed.
    @Test func openings() {
        let (one, two) = (Self.plans(["Gold": ["Acme"]]), Self.plans(["Gold": ["Acme", "Zenith"]]))
        #expect(Self.judgements(one, two) == ["plan-key-added compatible weakens"])
        #expect(Self.judgements(two, one) == ["plan-key-removed breaking strengthens"])
        let silver = Self.plans(["Gold": ["Acme"], "Silver": ["Zenith"]])
        #expect(Self.judgements(two, silver) == ["plan-key-removed compatible -", "plan-added compatible -"])
        #expect(Self.judgements(silver, two) == ["plan-key-added compatible -", "plan-removed compatible -"])
        #expect(Self.judgements(silver, one) == ["plan-removed breaking strengthens"])
        let renamed = Self.plans(["Bronze": ["Acme"]])
        #expect(Self.judgements(one, renamed) == ["plan-added compatible -", "plan-removed compatible -"])
        let (open, openTwo) = (Self.plans(needsKey: false, [:]), Self.plans(needsKey: false, ["Gold": ["Acme"]]))
        #expect(Self.judgements(open, openTwo) == ["plan-added compatible -"])
        #expect(Self.judgements(openTwo, open) == ["plan-removed compatible -"])
    }

    /// The limits of a plan's routes stay with routes whose parameters have other names.
    @Test func limitsFollowRoutes() throws {
        func limited(_ path: String, _ rate: Double) throws -> Manifest {
            let key = try RouteKey(path, kind: .rest)
            return Self.manifest { manifest in
                manifest.apis["Shop"]?.routes[key] = Route(function: "Orders", payload: .v1)
                var plan = UsagePlan()
                plan.apis = ["Shop": [path: Throttle(requestsPerSecond: rate)]]
                manifest.usagePlans["Gold"] = plan
            }
        }
        let old = try limited("GET /orders/{id}", 5)
        #expect(Self.judgements(old, try limited("GET /orders/{order}", 5)) == ["path-parameter-renamed breaking -"])
        #expect(
            Self.judgements(old, try limited("GET /orders/{order}", 9)) == [
                "path-parameter-renamed breaking -", "throttle-raised compatible weakens",
            ]
        )
    }
}
