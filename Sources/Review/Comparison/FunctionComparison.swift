// What changed in functions.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the functions of two manifests.
    mutating func compareFunctions(_ old: Manifest, _ new: Manifest) {
        for (id, before) in old.functions {
            move(to: .function(id))
            if let after = new.functions[id] {
                MemberRule.compare(before, after, by: Function.memberRules, into: &self)
            } else {
                add(.functionRemoved)
            }
        }
        for id in new.functions.keys where old.functions[id] == nil {
            move(to: .function(id))
            add(.functionAdded)
        }
    }
}

extension Function {
    /// How the members of a function are compared.
    static let memberRules: [MemberRule<Function>] = [
        .value("handler", \.handler, .functionHandlerChanged),
        .number("timeoutSeconds", \.timeoutSeconds, raised: .timeoutLengthened, lowered: .timeoutShortened),
    ]
}
