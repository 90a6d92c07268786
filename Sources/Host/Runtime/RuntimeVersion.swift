// Versions of interpreters, and which of them is the nearest to the one that a runtime names.

internal import Manifest

/// As much of a version as decides what code it runs: `3.12` of Python and Ruby, `20` of the others.
struct RuntimeVersion: Hashable, Sendable, CustomStringConvertible {
    let major: Int
    /// nil where the major version says it all.
    let minor: Int?

    /// - Parameters:
    ///   - text: a version such as `3.12.1`, `v20.11.0` without its `v`, or `1.8.0_392`; nil where it does not begin
    ///     with the numbers that are needed.
    ///   - kind: whose version it is.
    init?(_ text: some StringProtocol, of kind: RuntimeKind) {
        let numbers = text.prefix { $0 == "." || ("0"..."9").contains($0) }
            .split(separator: ".").compactMap { Int($0) }
        guard var first = numbers.first else { return nil }
        switch kind {
        case .python, .ruby:
            guard numbers.count > 1 else { return nil }
            minor = numbers[1]
        case .java:
            // Until Java 8 the version began with a 1 that meant nothing.
            if first == 1, numbers.count > 1 { first = numbers[1] }
            minor = nil
        case .node, .dotnet, .provided: minor = nil
        }
        major = first
    }

    var description: String { minor.map { "\(major).\($0)" } ?? "\(major)" }

    /// How far this is from what is wanted; the least is the nearest, and of two as near the newer one.
    ///
    /// Compiled code asks for a version at least as new as its compiler's, so an older one comes last.
    func distance(to wanted: RuntimeVersion, of kind: RuntimeKind) -> Distance {
        let isOlder = (major, minor ?? 0) < (wanted.major, wanted.minor ?? 0)
        let isCompiled =
            switch kind {
            case .java, .dotnet: true
            case .python, .node, .ruby, .provided: false
            }
        return Distance(
            steps: [
                isOlder && isCompiled ? 1 : 0, abs(major - wanted.major), abs((minor ?? 0) - (wanted.minor ?? 0)),
                isOlder ? 1 : 0,
            ]
        )
    }

    /// Compared from the first number on.
    struct Distance: Comparable, Sendable {
        let steps: [Int]
        static func < (left: Distance, right: Distance) -> Bool { left.steps.lexicographicallyPrecedes(right.steps) }
    }
}

extension RuntimeKind {
    /// The version as a number; nil for a function that brings its own runtime.
    var wanted: RuntimeVersion? {
        switch self {
        case .python(let text), .node(let text), .ruby(let text), .java(let text), .dotnet(let text):
            RuntimeVersion(text, of: self)
        case .provided: nil
        }
    }
}
