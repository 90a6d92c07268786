// Functions: what the host needs to run them.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers a function, its environment, its events and its URL.
    mutating func lowerFunction(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource) else { return }
        var function = Function()
        if let property = properties["FunctionName"] {
            function.name = property.text(unknown: .settingUnknown, into: &diagnostics)
            checkName(function.name, property)
        }
        if isImage(properties) {
            function.image = image(of: resource, properties)
        } else {
            // SAM refuses a function that lacks these; in plain CloudFormation it is only one that cannot run.
            let severity: Severity = resource.kind == .function ? .error : .warning
            function.runtime = properties.required("Runtime", severity: severity, into: &diagnostics)?
                .text(unknown: .settingUnknown, into: &diagnostics)
            function.handler = properties.required("Handler", severity: severity, into: &diagnostics)?
                .text(unknown: .settingUnknown, into: &diagnostics)
            checkRuntime(of: resource.id, function, properties)
            lowerCode(of: resource, properties, into: &function)
            if let layers = properties["Layers"] { function.layers = self.layers(layers) }
        }
        lowerLimits(properties, into: &function)
        if resource.kind == .function { checkFunction(properties) }
        function.environment = loggingVariables(properties).merging(environment(of: resource, properties)) { $1 }
        functions[resource.id] = function
        lowerEvents(of: resource, properties)
        if let property = properties["FunctionUrlConfig"] { lowerURL(property, of: resource) }
    }

    /// How long, with how much memory and how often at a time it runs.
    private mutating func lowerLimits(_ properties: Properties, into function: inout Function) {
        if let timeout = properties["Timeout"]?.integer(in: 1...900, into: &diagnostics) {
            function.timeoutSeconds = timeout
        }
        if let memory = properties["MemorySize"]?.integer(in: 128...32768, into: &diagnostics) {
            function.memoryMegabytes = memory
        }
        if let storage = properties["EphemeralStorage"]?
            .properties(["Size"], unknown: .settingUnknown, into: &diagnostics),
            let size = storage["Size"]?.integer(in: 512...10240, into: &diagnostics), size != 512
        {
            function.ephemeralStorageMegabytes = size
        }
        function.reservedConcurrency = properties["ReservedConcurrentExecutions"]?
            .integer(in: 0...1_000_000, into: &diagnostics)
        if let architectures = properties["Architectures"]?.elements(unknown: .settingUnknown, into: &diagnostics),
            let architecture = architectures.first?.choice(Architecture.self, into: &diagnostics),
            architecture != .intel
        {
            function.architecture = architecture.rawValue
        }
    }

    private mutating func checkName(_ name: String?, _ property: Property) {
        guard let name else { return }
        if let first = nameSpans[name] {
            diagnostics.emit(.nameTaken(name, property, first))
        } else {
            nameSpans[name] = property.span
        }
    }
}

/// The processors that Lambda has.
private enum Architecture: String, CaseIterable {
    case intel = "x86_64"
    case arm = "arm64"
}

extension DiagnosticCode {
    static let functionName = DiagnosticCode(
        "function-name",
        .error,
        "Two functions have the same `FunctionName`. Functions are called by name, so Lambda refuses the second."
    )
}

extension Diagnostic {
    fileprivate static func nameTaken(_ name: String, _ property: Property, _ first: Span) -> Diagnostic {
        Diagnostic(
            .functionName,
            "\(property.words) is '\(name)', which is another function's name already",
            at: property.span,
            notes: [Note("the first is here", at: first)]
        )
    }
}
