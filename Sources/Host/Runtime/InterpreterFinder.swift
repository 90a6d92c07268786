// Finds the interpreter of a runtime: the version that it names, else the nearest on this machine.

internal import Manifest

/// An interpreter that has been tried.
struct Interpreter: Hashable, Sendable {
    /// Where it really is: a version manager's shim names another place.
    let path: String
    let version: String
    /// Whether it is of the version that the runtime names.
    let isExact: Bool
}

/// Finds the interpreter of a runtime. Blocks, as it starts programs.
struct InterpreterFinder: Sendable {
    /// The environment of the host.
    let environment: [String: String]
    let probe: InterpreterProbe

    init(keeper: ProcessKeeper, environment: [String: String]) {
        self.environment = environment
        probe = InterpreterProbe(keeper: keeper, environment: environment)
    }

    /// The interpreter of the version that the runtime names, else the nearest one that works.
    ///
    /// A program is started only where the name of its place leaves open whether it will do.
    func find(_ kind: RuntimeKind) -> Interpreter? {
        guard let wanted = kind.wanted else { return nil }
        let places = InterpreterPlaces(kind: kind, environment: environment).all
        var others: [(version: RuntimeVersion, interpreter: Interpreter?, path: String)] = []
        for place in places {
            if let version = place.version, version != wanted {
                others.append((version, nil, place.path))
                continue
            }
            guard let interpreter = ask(place.path, kind, wanted) else { continue }
            if interpreter.value.isExact { return interpreter.value }
            others.append((interpreter.version, interpreter.value, place.path))
        }
        let nearestFirst = others.enumerated().sorted { left, right in
            let distances = [left, right].map { $0.element.version.distance(to: wanted, of: kind) }
            // Of two as near, the one that comes first in the list of places.
            return distances[0] == distances[1] ? left.offset < right.offset : distances[0] < distances[1]
        }
        for (_, other) in nearestFirst {
            if let interpreter = other.interpreter ?? ask(other.path, kind, wanted)?.value { return interpreter }
        }
        return nil
    }

    private func ask(
        _ path: String,
        _ kind: RuntimeKind,
        _ wanted: RuntimeVersion
    ) -> (version: RuntimeVersion, value: Interpreter)? {
        guard let answer = probe.ask(path, kind: kind),
            let version = answer.versions.min(by: {
                $0.distance(to: wanted, of: kind) < $1.distance(to: wanted, of: kind)
            })
        else { return nil }
        // Python 2 is another language.
        if case .python = kind, version.major != wanted.major { return nil }
        return (
            version, Interpreter(path: answer.path, version: version.description, isExact: version == wanted)
        )
    }
}
