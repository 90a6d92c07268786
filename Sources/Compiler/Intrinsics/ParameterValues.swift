// The values of parameters: overrides before defaults, checked against their declarations.

internal import Diagnostics

/// The values that `Ref` of a parameter gives.
struct ParameterValues: Sendable {
    /// One parameter's value.
    enum Value: Hashable, Sendable {
        case text(String)
        case list([String])
        /// Why it is not known.
        case unknown(String)
        /// None was given; the declaration stands there. It is wrong once something that is compiled needs it.
        case missing(Span)
    }

    private(set) var values: [String: Value] = [:]
    /// Where the values of those come from that must not be shown.
    private(set) var secretSources: [String: String] = [:]

    /// Gives each parameter its value; `stack` is the nested stack whose they are, nil for the root's.
    init(
        _ parameters: [Parameter],
        given: [String: ParameterInput],
        stack: String?,
        into diagnostics: inout DiagnosticCollector
    ) {
        let names = parameters.map(\.name)
        for name in given.keys.sorted() where !names.contains(name) {
            diagnostics.emit(.overrideUnknown(name, known: names, stack: stack, at: given[name]?.span))
        }
        for parameter in parameters {
            let input = given[parameter.name]
            if parameter.isSecret { secretSources[parameter.name] = "NoEcho parameter '\(parameter.name)'" }
            if let source = input?.secretSource { secretSources[parameter.name] = source }
            values[parameter.name] = Self.value(of: parameter, input, stack: stack, into: &diagnostics)
        }
    }

    private static func value(
        of parameter: Parameter,
        _ input: ParameterInput?,
        stack: String?,
        into diagnostics: inout DiagnosticCollector
    ) -> Value {
        if case .unknown(let reason)? = input?.value { return .unknown(reason) }
        // A person gives the value itself, as to SAM CLI; another stack gives the name that it is kept under.
        if parameter.isStored, input == nil || stack != nil {
            return .unknown("the value of the parameter '\(parameter.name)' is kept in Systems Manager")
        }
        var override: String?
        if case .text(let text)? = input?.value { override = text }
        guard let text = override ?? parameter.defaultText else {
            // A default of the wrong shape is reported where it was read.
            guard parameter.defaultSpan == nil else { return Self.wrong(parameter) }
            return .missing(parameter.nameSpan)
        }
        let span = override == nil ? parameter.defaultSpan : input?.span ?? parameter.nameSpan
        let elements = parameter.isList ? split(text) : [text]
        for element in elements {
            if let fault = parameter.fault(of: element) {
                let isSecret = parameter.isSecret || input?.secretSource != nil
                var diagnostic = Diagnostic.parameterValue(parameter, element, fault, isSecret: isSecret, at: span)
                // A default that is never used, because every deployment gives another value, does no harm.
                if override == nil { diagnostic.severity = .warning }
                diagnostics.emit(diagnostic)
                return Self.wrong(parameter)
            }
        }
        return parameter.isList ? .list(elements) : .text(text)
    }

    private static func wrong(_ parameter: Parameter) -> Value {
        .unknown("the value of the parameter '\(parameter.name)' is not one that it may have")
    }

    private static func split(_ text: String) -> [String] {
        text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}

extension Parameter {
    /// Why a text cannot be the parameter's value, or an element of it; nil where it can.
    fileprivate func fault(of text: String) -> String? {
        if let allowedValues, !allowedValues.contains(text) {
            return "allowed are \(allowedValues.map { "'\($0)'" }.joined(separator: ", "))"
        }
        if type == "Number" || type == "List<Number>" {
            guard let number = Double(text), number.isFinite else { return "a number is expected" }
            if let minimumValue, number < minimumValue { return "it is below the minimum \(minimumValue.short)" }
            if let maximumValue, number > maximumValue { return "it is above the maximum \(maximumValue.short)" }
        }
        let length = text.unicodeScalars.count
        if let minimumLength, length < minimumLength { return "it is shorter than \(minimumLength) characters" }
        if let maximumLength, length > maximumLength { return "it is longer than \(maximumLength) characters" }
        if let allowedPattern, AllowedPattern.matches(text, allowedPattern) == false {
            return "it does not match '\(allowedPattern)'"
        }
        return nil
    }
}

extension Double {
    fileprivate var short: String { Int64(exactly: self).map(String.init) ?? String(self) }
}

extension DiagnosticCode {
    static let parameterMissing = DiagnosticCode(
        "parameter-missing",
        .error,
        """
        The parameter has no `Default`, no value was given, and a route or who may call it depends on it. Give one \
        with `--parameter-overrides Name=Value`, or write a default into the template.
        """
    )
    static let parameterValue = DiagnosticCode(
        "parameter-value",
        .error,
        """
        The value of the parameter, its default or the one given by `--parameter-overrides`, is not one that its \
        declaration allows: `AllowedValues`, `AllowedPattern`, `Type` and the bounds decide. For a default this is a \
        warning: its value is unknown, which is an error where routes depend on it.
        """
    )
    static let parameterUnknown = DiagnosticCode(
        "parameter-unknown",
        .warning,
        """
        `--parameter-overrides`, or the `Parameters` of a nested stack, give a value to a parameter that the template \
        does not declare; it has no effect.
        """
    )
}

extension Diagnostic {
    fileprivate static func overrideUnknown(
        _ name: String,
        known: [String],
        stack: String?,
        at span: Span?
    ) -> Diagnostic {
        let hint = didYouMean(name, among: known)
        return Diagnostic(.parameterUnknown, "\(stack ?? "the template") has no parameter '\(name)'\(hint)", at: span)
    }

    static func parameterMissing(_ name: String, stack: String?, at span: Span) -> Diagnostic {
        let way =
            stack.map { "give it one in 'Parameters' of \($0)" }
            ?? "give it one with '--parameter-overrides \(name)=…' or a 'Default'"
        return Diagnostic(.parameterMissing, "the parameter '\(name)' has no value; \(way)", at: span)
    }

    fileprivate static func parameterValue(
        _ parameter: Parameter,
        _ text: String,
        _ fault: String,
        isSecret: Bool,
        at span: Span?
    ) -> Diagnostic {
        let shown = isSecret ? "the value" : "'\(text)'"
        return Diagnostic(
            .parameterValue,
            "\(shown) cannot be the value of the parameter '\(parameter.name)': \(fault)",
            at: span
        )
    }
}
