// Lays env.json over the variables that the template declares.

package import Diagnostics
package import Manifest

extension EnvironmentFile {
    /// Sets the variables of the functions: first from `Parameters`, then from the function's own object.
    ///
    /// Only variables that the function has already, which are those that the template declares, are set; others are
    /// warnings, and so are functions that the manifest does not have. A value under a name that reads like that of a
    /// secret, put together with such a value, or in the place of one that is secret, goes to `secrets`.
    /// A section that is named by an API key sets the key itself: SAM makes keys whose values no template has.
    package func overlay(
        on manifest: inout Manifest,
        secrets: inout Secrets,
        into diagnostics: inout DiagnosticCollector
    ) {
        var owners: [String: Section] = [:]
        for section in sections where section.key != Self.sharedKey {
            let ids = functions(named: section.key, in: manifest)
            if ids.isEmpty, manifest.apiKeys[section.key] != nil {
                setKey(section, in: &manifest, &secrets, into: &diagnostics)
                continue
            }
            if ids.isEmpty { reportUnknownFunction(section, manifest, into: &diagnostics) }
            for id in ids {
                guard let other = owners[id] else {
                    owners[id] = section
                    continue
                }
                owners[id] = other.key == id ? other : section
                reportTwice(
                    id,
                    used: other.key == id ? other : section,
                    unused: other.key == id ? section : other,
                    &diagnostics
                )
            }
        }
        for section in sections where section.key == Self.sharedKey {
            reportUndeclared(in: section, manifest, into: &diagnostics)
            for id in manifest.functions.keys { set(section.variables, of: id, in: &manifest, &secrets) }
        }
        for (id, section) in owners {
            reportUndeclared(in: section, of: id, manifest, into: &diagnostics)
            set(section.variables, of: id, in: &manifest, &secrets)
        }
    }

    private func functions(named key: String, in manifest: Manifest) -> [String] {
        if manifest.functions[key] != nil { return [key] }
        let named = manifest.functions.filter { $0.value.name == key }.map(\.key)
        // As SAM CLI does, a function of a nested stack is found by its own logical id too.
        return named.isEmpty ? manifest.functions.keys.filter { $0.hasSuffix("/\(key)") } : named
    }

    private func set(_ variables: [Variable], of id: String, in manifest: inout Manifest, _ secrets: inout Secrets) {
        for variable in variables {
            guard let declared = manifest.functions[id]?.environment[variable.name] else { continue }
            var isSecret = variable.isSecret || SecretNames.contains(variable.name)
            if case .secret = declared { isSecret = true }
            manifest.functions[id]?.environment[variable.name] = isSecret ? .secret(fileName) : .text(variable.value)
            if isSecret { secrets.functions[id, default: [:]][variable.name] = variable.value }
        }
    }

    /// Sets the value of an API key, which is always a secret.
    private func setKey(
        _ section: Section,
        in manifest: inout Manifest,
        _ secrets: inout Secrets,
        into diagnostics: inout DiagnosticCollector
    ) {
        for variable in section.variables {
            guard variable.name == Self.keyMember else {
                let message = "'\(section.key)' is an API key, which has only a '\(Self.keyMember)'"
                diagnostics.emit(.undeclared(variable, message, [Self.keyMember]))
                continue
            }
            guard (20...128).contains(variable.value.utf8.count) else {
                let message = "the value of an API key has 20 to 128 characters, not \(variable.value.utf8.count)"
                diagnostics.emit(Diagnostic(.environmentValue, message, at: variable.valueSpan))
                continue
            }
            manifest.apiKeys[section.key]?.value = .secret(fileName)
            secrets.apiKeys[section.key] = variable.value
        }
    }

    /// Without its folders: a manifest is the same wherever it is compiled.
    private var fileName: String { file.split(separator: "/").last.map(String.init) ?? file }

    // MARK: - Warnings

    private func reportUnknownFunction(
        _ section: Section,
        _ manifest: Manifest,
        into diagnostics: inout DiagnosticCollector
    ) {
        let names =
            manifest.functions.flatMap { [$0.key] + ($0.value.name.map { [$0] } ?? []) } + Array(manifest.apiKeys.keys)
            + [Self.sharedKey]
        let message = "the template has no function '\(section.key)'"
        diagnostics.emit(.unknown(.environmentUnknownFunction, section.key, message, at: section.keySpan, names))
    }

    private func reportTwice(
        _ id: String,
        used: Section,
        unused: Section,
        _ diagnostics: inout DiagnosticCollector
    ) {
        let message = "'\(unused.key)' and '\(used.key)' are the same function; only '\(used.key)' is used"
        let note = Diagnostic.Note("'\(used.key)' is here", at: used.keySpan)
        diagnostics.emit(Diagnostic(.environmentAmbiguousFunction, message, at: unused.keySpan, notes: [note]))
    }

    private func reportUndeclared(
        in section: Section,
        of id: String,
        _ manifest: Manifest,
        into diagnostics: inout DiagnosticCollector
    ) {
        let declared = manifest.functions[id]?.environment ?? [:]
        for variable in section.variables where declared[variable.name] == nil {
            let message = "'\(id)' does not declare '\(variable.name)' in the template, so it is not passed"
            diagnostics.emit(.undeclared(variable, message, Array(declared.keys)))
        }
    }

    private func reportUndeclared(
        in section: Section,
        _ manifest: Manifest,
        into diagnostics: inout DiagnosticCollector
    ) {
        let declared = Set(manifest.functions.values.flatMap(\.environment.keys))
        for variable in section.variables where !declared.contains(variable.name) {
            let message = "no function declares '\(variable.name)' in the template, so it is not passed"
            diagnostics.emit(.undeclared(variable, message, Array(declared)))
        }
    }
}

extension Diagnostic {
    fileprivate static func undeclared(
        _ variable: EnvironmentFile.Variable,
        _ message: String,
        _ known: [String]
    ) -> Diagnostic {
        .unknown(.environmentUndeclaredVariable, variable.name, message, at: variable.nameSpan, known)
    }

    /// A name that means nothing, with the nearest one that does.
    fileprivate static func unknown(
        _ code: DiagnosticCode,
        _ name: String,
        _ message: String,
        at span: Span,
        _ known: [String]
    ) -> Diagnostic {
        let certain = certainName(to: name, among: known)
        return Diagnostic(
            code,
            message + didYouMean(name, among: known),
            at: span,
            fixIts: certain.map { [FixIt("write '\($0)'", at: span, replacement: $0)] } ?? []
        )
    }
}
