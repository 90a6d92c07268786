// Typed reading of properties: what has the wrong type, is unknown or secret is reported where it stands.

internal import Diagnostics

/// One property of a resource, or of a mapping within one.
struct Property: Sendable {
    let name: String
    /// Whose property it is, in quotes, for messages.
    let owner: String
    let nameSpan: Span
    let value: Value

    /// Where its value stands.
    var span: Span { value.span }

    /// The property's name and owner, for messages.
    var words: String { "'\(name)' of \(owner)" }

    /// Says why the value is not known.
    private func report(_ reason: String, _ code: DiagnosticCode, into diagnostics: inout DiagnosticCollector) {
        if code == .valueUnknown, let pending = value.pending {
            diagnostics.emit(pending)
        } else {
            diagnostics.emit(.valueUnknown(code, self, reason))
        }
    }

    /// The value where it is known and no secret; else the reason is reported.
    private func known(_ unknown: DiagnosticCode, into diagnostics: inout DiagnosticCollector) -> Value? {
        if let reason = value.unknownReason {
            report(reason, unknown, into: &diagnostics)
            return nil
        }
        if let source = value.secretSource {
            diagnostics.emit(.secretInManifest(self, source))
            return nil
        }
        return value
    }

    /// A text; numbers and booleans are texts as they are written.
    func text(
        unknown: DiagnosticCode = .valueUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> String? {
        guard let value = known(unknown, into: &diagnostics) else { return nil }
        guard let text = value.text else {
            diagnostics.emit(.propertyType(self, expected: "a text"))
            return nil
        }
        return text
    }

    /// A whole number of a range.
    func integer(
        in range: ClosedRange<Int>,
        unknown: DiagnosticCode = .settingUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> Int? {
        guard let value = known(unknown, into: &diagnostics) else { return nil }
        guard case .text(let text, let isPlain) = value.content,
            let number = YAMLNode.Scalar(text: text, isPlain: isPlain).integer
        else {
            diagnostics.emit(.propertyType(self, expected: "an integer"))
            return nil
        }
        guard range.contains(number) else {
            diagnostics.emit(.propertyRange(self, number, range))
            return nil
        }
        return number
    }

    /// A number of a range, whole or not.
    func number(
        in range: ClosedRange<Double>,
        unknown: DiagnosticCode = .settingUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> Double? {
        guard let text = text(unknown: unknown, into: &diagnostics) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            diagnostics.emit(.propertyType(self, expected: "a number from \(range.lowerBound) to \(range.upperBound)"))
            return nil
        }
        return number
    }

    /// One of the texts that `Choice` names.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ type: Choice.Type,
        unknown: DiagnosticCode = .settingUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> Choice? {
        guard let text = text(unknown: unknown, into: &diagnostics) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let choices = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        diagnostics.emit(.propertyType(self, expected: "one of \(choices)"))
        return nil
    }

    /// The elements of a list, each as a property of the same name.
    func elements(
        unknown: DiagnosticCode = .valueUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> [Property]? {
        if let reason = value.unknownReason {
            report(reason, unknown, into: &diagnostics)
            return nil
        }
        guard let elements = value.list else {
            diagnostics.emit(.propertyType(self, expected: "a list"))
            return nil
        }
        return elements.map { Property(name: name, owner: owner, nameSpan: $0.span, value: $0) }
    }

    func boolean(
        unknown: DiagnosticCode = .valueUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> Bool? {
        guard let value = known(unknown, into: &diagnostics) else { return nil }
        guard case .text(let text, let isPlain) = value.content,
            let truth = YAMLNode.Scalar(text: text, isPlain: isPlain).boolean
        else {
            diagnostics.emit(.propertyType(self, expected: "true or false"))
            return nil
        }
        return truth
    }

    /// A list of texts.
    func texts(
        unknown: DiagnosticCode = .valueUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> [String]? {
        guard let value = known(unknown, into: &diagnostics) else { return nil }
        guard let elements = value.list else {
            diagnostics.emit(.propertyType(self, expected: "a list of texts"))
            return nil
        }
        var texts: [String] = []
        for element in elements {
            let property = Property(name: name, owner: owner, nameSpan: nameSpan, value: element)
            guard let text = property.text(unknown: unknown, into: &diagnostics) else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// A mapping, whose members are of `names` where those are given; `severity` is that of other names.
    func properties(
        _ names: [String]? = nil,
        severity: Severity = .warning,
        unknown: DiagnosticCode = .valueUnknown,
        into diagnostics: inout DiagnosticCollector
    ) -> Properties? {
        if let reason = value.unknownReason {
            report(reason, unknown, into: &diagnostics)
            return nil
        }
        guard let members = value.members else {
            diagnostics.emit(.propertyType(self, expected: "a mapping"))
            return nil
        }
        let properties = Properties(members: members, owner: words, span: value.span)
        if let names { properties.check(names, severity: severity, into: &diagnostics) }
        return properties
    }
}

/// The members of a mapping.
struct Properties: Sendable {
    let members: [Value.Member]
    /// Whose they are, for messages: `'Ratings'`, `'Auth' of 'Ratings'`.
    let owner: String
    let span: Span

    /// The property of a name; nil where there is none.
    subscript(name: String) -> Property? { all.first { $0.name == name } }

    /// Every property in the order of the text.
    var all: [Property] {
        members.map { Property(name: $0.key, owner: owner, nameSpan: $0.keySpan, value: $0.value) }
    }

    /// Reports the names that mean nothing here.
    func check(_ names: [String], severity: Severity = .warning, into diagnostics: inout DiagnosticCollector) {
        for member in members where !names.contains(member.key) {
            if member.key.hasPrefix("Fn::") {
                diagnostics.emit(.includedProperties(member, owner))
            } else {
                var diagnostic = Diagnostic.unknownName(member.key, at: member.keySpan, in: owner, known: names)
                // What protects routes under another name would leave them open.
                let isProtection = closestName(to: member.key, among: names).map(PropertyNames.protections.contains)
                diagnostic.severity = isProtection == true ? .error : severity
                diagnostics.emit(diagnostic)
            }
        }
    }

    /// Reports the values that have the wrong shape.
    func check(_ shapes: [String: PropertyShape], into diagnostics: inout DiagnosticCollector) {
        for property in all {
            guard let shape = shapes[property.name], !shape.fits(property.value) else { continue }
            diagnostics.emit(.propertyType(property, expected: shape.rawValue))
        }
    }

    /// A property that must be there; its absence is reported.
    func required(
        _ name: String,
        severity: Severity = .error,
        into diagnostics: inout DiagnosticCollector
    ) -> Property? {
        if let property = self[name], property.value.text?.isEmpty != true { return property }
        var diagnostic = Diagnostic.propertyMissing(name, of: owner, at: span)
        diagnostic.severity = severity
        diagnostics.emit(diagnostic)
        return nil
    }
}

extension DiagnosticCode {
    static let propertyType = DiagnosticCode(
        "property-type",
        .error,
        """
        The value of a property has the wrong type: a text where a list belongs, a text where a number does, and so \
        on.
        """
    )
    static let propertyRange = DiagnosticCode(
        "property-range",
        .error,
        "The number is smaller or larger than AWS allows for this property."
    )
    static let propertyMissing = DiagnosticCode(
        "property-missing",
        .error,
        "A property without which the resource means nothing is absent, and `Globals` do not give it either."
    )
    static let valueUnknown = DiagnosticCode(
        "value-unknown",
        .error,
        """
        Routes, or who may call them, depend on a value that is known only once the stack is deployed: an attribute of \
        another resource, an export of another stack, a value in Systems Manager. Use a parameter instead and give it \
        with `--parameter-overrides Name=Value`.
        """
    )
    static let settingUnknown = DiagnosticCode(
        "setting-unknown",
        .warning,
        """
        A setting depends on a value that is known only once the stack is deployed. It is left out, so the default \
        applies. Use a parameter instead and give it with `--parameter-overrides Name=Value`.
        """
    )
    static let secretInManifest = DiagnosticCode(
        "secret-in-manifest",
        .error,
        """
        A value that must not be shown, of a `NoEcho` parameter or a dynamic reference to a secret, stands in a \
        setting that the manifest spells out. Secrets belong into environment variables only, where they are kept \
        apart.
        """
    )
    static let includedProperties = DiagnosticCode(
        "included-properties",
        .error,
        """
        A function such as `Fn::If` stands among other properties. It gives the value of one of them, so it stands \
        behind a name: `Timeout: !If [IsLive, 29, 5]`. CloudFormation refuses the template.
        """
    )
}

extension Diagnostic {
    static func propertyType(_ property: Property, expected: String) -> Diagnostic {
        Diagnostic(
            .propertyType,
            "\(property.words) is \(expected), found \(property.value.kind)",
            at: property.span
        )
    }

    fileprivate static func propertyRange(
        _ property: Property,
        _ number: Int,
        _ range: ClosedRange<Int>
    ) -> Diagnostic {
        Diagnostic(
            .propertyRange,
            "\(property.words) is \(number), allowed are \(range.lowerBound) to \(range.upperBound)",
            at: property.span
        )
    }

    static func propertyMissing(_ name: String, of owner: String, at span: Span) -> Diagnostic {
        Diagnostic(.propertyMissing, "\(owner) needs '\(name)'", at: span)
    }

    fileprivate static func valueUnknown(_ code: DiagnosticCode, _ property: Property, _ reason: String) -> Diagnostic {
        let end =
            switch code {
            case .valueUnknown: ""
            case .authorizationUnknown: "; the route is refused"
            default: "; it is left out"
            }
        return Diagnostic(code, "\(property.words) cannot be known here: \(reason)\(end)", at: property.span)
    }

    fileprivate static func secretInManifest(_ property: Property, _ source: String) -> Diagnostic {
        Diagnostic(
            .secretInManifest,
            "\(property.words) would write a secret (\(source)) into the manifest",
            at: property.span
        )
    }

    fileprivate static func includedProperties(_ member: Value.Member, _ owner: String) -> Diagnostic {
        Diagnostic(
            .includedProperties,
            "'\(member.key)' stands among other properties of \(owner), but a function gives the value of one",
            at: member.keySpan
        )
    }
}
