// Settings of functions that SAM refuses because they do not go together or have values that they cannot have.

internal import Diagnostics

extension Lowering {
    /// Reports what SAM refuses of a function, though the compiler reads nothing of it.
    mutating func checkFunction(_ properties: Properties) {
        func isSet(_ name: String) -> Bool {
            guard let value = properties[name]?.value else { return false }
            return value.content != .null && value.text?.isEmpty != true
        }
        if let alias = properties["AutoPublishAlias"], let name = alias.value.text, !name.isEmpty, !Self.isAlias(name) {
            diagnostics.emit(.functionConflict(alias, "is of letters, digits, '-' and '_', and no mere number"))
        }
        for name in ["DeploymentPreference", "ProvisionedConcurrencyConfig"] {
            guard let property = properties[name], isSet(name), !isSet("AutoPublishAlias") else { continue }
            diagnostics.emit(.functionConflict(property, "needs an 'AutoPublishAlias'"))
        }
        if let tenancy = properties["TenancyConfig"], isSet("TenancyConfig") {
            for name in ["ProvisionedConcurrencyConfig", "SnapStart"] where isSet(name) {
                diagnostics.emit(.functionConflict(tenancy, "does not go together with '\(name)'"))
            }
        }
        if let provider = properties["CapacityProviderConfig"], isSet("CapacityProviderConfig"),
            isSet("ProvisionedConcurrencyConfig")
        {
            diagnostics.emit(.functionConflict(provider, "does not go together with 'ProvisionedConcurrencyConfig'"))
        }
        if let policy = properties["VersionDeletionPolicy"], let word = policy.value.openText,
            !["Delete", "Retain"].contains(word)
        {
            diagnostics.emit(.functionConflict(policy, "is 'Delete' or 'Retain', not '\(word)'"))
        }
        if let location = properties["CodeUri"], let text = location.value.text, text.contains("${") {
            diagnostics.emit(.functionConflict(location, "has a '${…}' that nothing replaces: use 'Fn::Sub'"))
        }
    }

    /// Whether a name is one that an alias can have (Lambda API reference, `CreateAlias`).
    private static func isAlias(_ name: String) -> Bool {
        name.isMadeOfNameCharacters && Int(name) == nil
    }
}

extension DiagnosticCode {
    static let functionConflict = DiagnosticCode(
        "function-conflict",
        .error,
        """
        SAM refuses the function when it deploys: a setting needs another one, does not go together with it, or has a \
        value that it cannot have.
        """
    )
}

extension Diagnostic {
    fileprivate static func functionConflict(_ property: Property, _ problem: String) -> Diagnostic {
        Diagnostic(.functionConflict, "\(property.words) \(problem)", at: property.span)
    }
}
