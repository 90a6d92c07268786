// The settings of routing: stages in paths, slashes behind them, and which API is at which prefix and host.

internal import JSON

/// What is at choice where API Gateway's own addresses are not there to decide.
struct RoutingSettings: Sendable {
    /// What becomes of a stage's name that stands before the path, on hosts that are not API Gateway's.
    enum StagePrefix: String, CaseIterable, Sendable {
        /// It is taken off where it is; a path without one is served, too.
        case accept
        /// It is a part of the path like any other.
        case ignore
        /// Paths of stages with a name begin with it, as on API Gateway's own hosts.
        case require
    }

    /// Whether a slash behind the path of an HTTP API is another path (recorded behaviour contradicts itself).
    enum TrailingSlash: String, CaseIterable, Sendable {
        case strict, lenient
    }

    var stagePrefix = StagePrefix.accept
    var trailingSlash = TrailingSlash.strict

    init() {}

    /// - Throws: `JSONShapeError` with the place of a setting that is wrong.
    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var settings = Self()
            if let value = object.optional("stagePrefix") { settings.stagePrefix = try value.choice(StagePrefix.self) }
            if let value = object.optional("trailingSlash") {
                settings.trailingSlash = try value.choice(TrailingSlash.self)
            }
            return settings
        }
    }
}

/// A prefix of paths below which an API is served.
package enum MountPrefix {
    /// The prefix without a slash at its end, so that `/` is empty.
    ///
    /// - Returns: nil for what no path can begin with.
    package static func canonical(_ text: String) -> String? {
        guard text.hasPrefix("/") else { return nil }
        var prefix = text[...]
        while prefix.hasSuffix("/") { prefix = prefix.dropLast() }
        let isPlain = prefix.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "%")
        }
        let segments = prefix.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard isPlain, prefix.isEmpty || segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            return nil
        }
        return String(prefix)
    }
}
