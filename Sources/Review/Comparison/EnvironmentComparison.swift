// What changed in the variables of functions.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the variables of a function, those values too that only the sidecars have.
    ///
    /// - Parameters:
    ///   - old: the function before.
    ///   - new: the function after.
    ///   - id: its logical id.
    ///   - oldID: its logical id before.
    mutating func compareEnvironment(_ old: Function, _ new: Function, at id: String, from oldID: String) {
        let oldSecrets = self.old.secrets.functions[oldID] ?? [:]
        let newSecrets = self.new.secrets.functions[id] ?? [:]
        guard old.environment != new.environment || oldSecrets != newSecrets else { return }
        for name in Set(old.environment.keys).union(new.environment.keys).inCodePointOrder {
            let path = ["environment", name]
            // A value that was a secret, or becomes one, is one in every name.
            let isSecret = old.environment[name]?.isSecret == true || new.environment[name]?.isSecret == true
            let before = old.environment[name].map { shown($0, at: path, oldSecrets[name], isSecret) }
            let after = new.environment[name].map { shown($0, at: path, newSecrets[name], isSecret) }
            let rule: ChangeRule
            var security: SecurityEffect?? = .none
            switch (old.environment[name], new.environment[name]) {
            case (nil, let value?):
                rule = .environmentAdded
                if case .text(let text) = value, mask.finds(in: text, at: path) { security = .weakens }
            case (_?, nil): rule = .environmentRemoved
            case (.secret?, .text?): rule = .environmentSecretExposed
            case (.text?, .secret?): rule = .environmentSecretHidden
            case (let old?, let new?):
                let isOther = oldSecrets[name].flatMap { old in newSecrets[name].map { $0 != old } } ?? false
                guard old != new || isOther else { continue }
                rule = .environmentChanged
            case (nil, nil): continue
            }
            within("environment") { $0.add(rule, name, shown: before, after, security: security) }
        }
    }

    private func shown(
        _ value: EnvironmentValue,
        at path: [String],
        _ secret: String?,
        _ isSecret: Bool
    ) -> ChangeValue {
        switch value {
        case .text(let text): isSecret ? mask.hidden(text) : mask.shown(.string(text), at: path)
        case .secret(let source): mask.hidden(source: source, secret)
        }
    }

    /// The value of an API key: always a secret.
    func shownKey(_ value: EnvironmentValue?, _ secret: String?) -> ChangeValue? {
        switch value {
        case .text(let text)?: mask.hidden(text)
        case .secret(let source)?: mask.hidden(source: source, secret)
        case nil: nil
        }
    }
}

extension EnvironmentValue {
    fileprivate var isSecret: Bool {
        if case .secret = self { true } else { false }
    }
}
