// Conditions, and If, which chooses by one.

internal import Diagnostics

/// What is known of a condition.
enum ConditionState: Hashable, Sendable {
    case known(Bool)
    /// Why it cannot be decided.
    case unknown(String)
}

extension Resolver {
    /// Whether the named condition holds.
    mutating func condition(named name: String, at span: Span) -> ConditionState {
        if let state = conditions[name] { return state }
        guard let entry = conditionEntries[name] else {
            return undecided(.conditionUnknown(name, known: candidates(template.conditions.map(\.key)), at: span))
        }
        guard openConditions.insert(name).inserted else {
            return undecided(.conditionCycle(name, at: entry.keySpan))
        }
        defer { openConditions.remove(name) }
        let state: ConditionState
        if let call = entry.value.call {
            state = condition(call.name, call.argument, at: entry.value.span)
        } else {
            let problem = "are made of 'Fn::Equals', 'Fn::And', 'Fn::Or' and 'Fn::Not'"
            state = undecided(.functionArgument("Conditions", problem, at: entry.value.span))
        }
        conditions[name] = state
        return state
    }

    /// Whether a condition function holds.
    mutating func condition(_ name: String, _ argument: YAMLNode, at span: Span) -> ConditionState {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            return undecided(.functionArgument(name, "nests deeper than \(Self.maximumDepth) levels", at: span))
        }
        switch name {
        case "Condition":
            guard let name = argument.string else {
                return undecided(.functionArgument("Condition", "takes the name of a condition", at: argument.span))
            }
            return condition(named: name, at: argument.span)
        case "Fn::Equals":
            guard let elements = argument.elements, elements.count == 2 else {
                return undecided(.functionArgument("Fn::Equals", "takes two values", at: argument.span))
            }
            let left = resolve(elements[0])
            let right = resolve(elements[1])
            if let unknown = [left, right].first(where: { $0.unknownReason != nil }) {
                return .unknown(unknown.unknownReason ?? "")
            }
            return .known(left.comparable == right.comparable)
        case "Fn::Not", "Fn::And", "Fn::Or":
            guard let elements = argument.elements, name != "Fn::Not" || elements.count == 1, !elements.isEmpty else {
                return undecided(.functionArgument(name, "takes a list of conditions", at: argument.span))
            }
            return combine(name, elements.map { operand($0) })
        default:
            return undecided(.functionArgument(name, "is no condition", at: span))
        }
    }

    private mutating func operand(_ node: YAMLNode) -> ConditionState {
        guard let call = node.call else {
            switch node.string {
            case "true": return .known(true)
            case "false": return .known(false)
            default:
                return undecided(.functionArgument("a condition", "is a function, not \(node.kind)", at: node.span))
            }
        }
        return condition(call.name, call.argument, at: node.span)
    }

    /// What is unknown does not matter where the rest decides.
    private func combine(_ name: String, _ operands: [ConditionState]) -> ConditionState {
        let unknown = operands.first { if case .unknown = $0 { true } else { false } }
        switch name {
        case "Fn::Not":
            guard case .known(let truth)? = operands.first else { return unknown ?? .known(true) }
            return .known(!truth)
        case "Fn::And": return operands.contains(.known(false)) ? .known(false) : unknown ?? .known(true)
        default: return operands.contains(.known(true)) ? .known(true) : unknown ?? .known(false)
        }
    }

    mutating func choose(_ argument: YAMLNode, at span: Span) -> Value {
        guard let elements = argument.elements, elements.count == 3, let name = elements[0].string else {
            return wrong(.functionArgument("Fn::If", "takes a condition and two values", at: argument.span), at: span)
        }
        switch condition(named: name, at: elements[0].span) {
        case .known(let truth):
            // The value keeps its own place: that is what the user would have to change.
            return resolve(elements[truth ? 1 : 2])
        case .unknown(let reason):
            return .unknown(reason, at: span)
        }
    }
}

extension Value {
    /// The value without places and quotes, to compare.
    fileprivate var comparable: [String] {
        switch content {
        case .text(let text, _): [text]
        case .list(let elements): ["["] + elements.flatMap(\.comparable) + ["]"]
        case .map(let members): ["{"] + members.flatMap { [$0.key] + $0.value.comparable } + ["}"]
        case .absent, .null, .unknown: []
        }
    }
}
