// When functions start, as the command line spells it.

internal import ArgumentParser
internal import Host

/// `--warm`.
enum Warmth: String, CaseIterable, ExpressibleByArgument {
    case lazy, eager

    var setting: PoolSettings.Warmth {
        switch self {
        case .lazy: .lazy
        case .eager: .eager
        }
    }
}
