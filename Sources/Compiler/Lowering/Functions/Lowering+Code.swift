// Where the code of functions is: in a folder, in the template, or where only AWS reaches it.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Says where the code is: `InlineCode` before `CodeUri`, as the translator has it, or `Code` of CloudFormation.
    mutating func lowerCode(
        of resource: ResolvedTemplate.Served,
        _ properties: Properties,
        into function: inout Function
    ) {
        if resource.kind == .plainFunction {
            guard let property = properties.required("Code", severity: .warning, into: &diagnostics) else { return }
            guard property.value.members != nil else {
                function.code = localCode(property, of: resource.id)
                return
            }
            guard let settings = property.properties(unknown: .settingUnknown, into: &diagnostics) else { return }
            if let source = settings["ZipFile"] {
                function.inlineCode = inlineCode(source, of: resource.id, properties)
            } else {
                notRun[resource.id] = .notRun(resource.id, "its code is in S3", at: property.span)
            }
            return
        }
        if let source = properties["InlineCode"] {
            function.inlineCode = inlineCode(source, of: resource.id, properties)
        } else if let property = properties["CodeUri"] {
            function.code = localCode(property, of: resource.id)
        } else {
            function.code = "."
        }
    }

    /// The source that stands in the template; nil where it cannot be written down.
    private mutating func inlineCode(_ source: Property, of id: String, _ properties: Properties) -> String? {
        if let part = source.value.unwritablePart {
            let reason = part.unknownReason ?? "it holds a secret"
            notRun[id] = .notRun(id, "its code cannot be known here: \(reason)", at: source.span)
            return nil
        }
        guard let text = source.text(into: &diagnostics) else { return nil }
        if let runtime = properties["Runtime"]?.value.openText,
            !runtime.hasPrefix("python"), !runtime.hasPrefix("nodejs")
        {
            diagnostics.emit(.inlineRuntime(runtime, source))
        }
        if let handler = properties["Handler"], let name = handler.value.openText,
            !name.hasPrefix("index."), name != "index"
        {
            diagnostics.emit(.inlineHandler(name, handler))
        }
        return text
    }

    /// The folder of the code relative to the template's; nil where it is not on this machine.
    private mutating func localCode(_ property: Property, of id: String) -> String? {
        if property.value.members != nil {
            notRun[id] = .notRun(id, "its code is in S3", at: property.span)
            return nil
        }
        if let reason = property.value.unknownReason {
            notRun[id] = .notRun(id, "where its code is cannot be known here: \(reason)", at: property.span)
            return nil
        }
        guard let text = property.text(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        guard let path = Self.localPath(text) else {
            notRun[id] = .notRun(id, "its code is at '\(text)'", at: property.span)
            return nil
        }
        checkCode(path, property)
        return path
    }

    /// Remembers a function whose runtime the host does not know.
    mutating func checkRuntime(of id: String, _ function: Function, _ properties: Properties) {
        guard let runtime = function.runtime, RuntimeKind(runtime) == nil, let property = properties["Runtime"] else {
            return
        }
        notRun[id] = .notRun(id, "its runtime is '\(runtime)'", at: property.span)
    }

    /// Reports code that is not there, or is neither a folder nor an archive that the host unpacks.
    mutating func checkCode(_ path: String, _ property: Property) {
        let folder = LocalPath.folder(of: template.file)
        let location = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        switch template.files.look(at: location) {
        case .folder: break
        case .missing: diagnostics.emit(.codeMissing(property, location, "does not exist"))
        case .unreadable(let reason): diagnostics.emit(.codeMissing(property, location, "cannot be read: \(reason)"))
        case .file:
            if [".zip", ".jar"].contains(where: location.lowercased().hasSuffix) { break }
            diagnostics.emit(.codeMissing(property, location, "is a file; a folder or a zip archive is needed"))
        }
    }

    /// The path that a `CodeUri` or `ContentUri` names, normalized; nil for a place in the network.
    static func localPath(_ text: String) -> String? {
        LocalPath.isRemote(text) ? nil : LocalPath.joined(".", text)
    }

    /// Says which functions the host cannot run, of those that a route or an authorizer calls.
    mutating func reportNotRun() {
        var called: Set<String> = []
        for draft in routes {
            switch draft.route.target {
            case .function(let id, _): called.insert(id)
            case .integration(let integration): if let id = integration.function { called.insert(id) }
            }
        }
        for draft in apis.values { called.formUnion(draft.api.authorizers.values.compactMap(\.function)) }
        for (id, diagnostic) in notRun where called.contains(id) { diagnostics.emit(diagnostic) }
    }
}

extension DiagnosticCode {
    static let codeMissing = DiagnosticCode(
        "code-missing",
        .warning,
        """
        The folder or the archive (`.zip`, `.jar`) that `CodeUri` names is not there, so the host cannot run the \
        function. A relative path starts from the folder of the template. Code that is built first (`sam build`) must be built before it is run.
        """
    )
    static let functionNotRun = DiagnosticCode(
        "function-not-run",
        .warning,
        """
        The function's code is not on this machine, or its `Runtime` is not one that the host runs (Python, Node.js, \
        Ruby, Java, .NET and `provided`), so the host cannot run it; its routes are compiled. Give the address of a \
        place where the function runs with `--endpoints` or the proxy's `--endpoint NAME=URL`.
        """
    )
    static let inlineCode = DiagnosticCode(
        "inline-code",
        .warning,
        """
        Code that stands in the template (`InlineCode`, `ZipFile`) is put into a file named `index`, so `Handler` is \
        `index.` and the name of a function; and only Python and Node.js run it. Lambda takes anything else too, but \
        each invocation fails.
        """
    )
}

extension Diagnostic {
    fileprivate static func codeMissing(_ property: Property, _ location: String, _ fault: String) -> Diagnostic {
        Diagnostic(.codeMissing, "\(property.words): '\(location)' \(fault)", at: property.span)
    }

    static func notRun(_ id: String, _ reason: String, at span: Span) -> Diagnostic {
        Diagnostic(
            .functionNotRun,
            "the host cannot run '\(id)': \(reason); give it an endpoint where it runs, with '--endpoints' or with "
                + "'--endpoint \(id)=URL' of samovar-proxy",
            at: span
        )
    }

    fileprivate static func inlineRuntime(_ runtime: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .inlineCode,
            "\(property.words) is for Python and Node.js; the runtime is '\(runtime)'",
            at: property.nameSpan
        )
    }

    fileprivate static func inlineHandler(_ name: String, _ property: Property) -> Diagnostic {
        let function = name.split(separator: ".").last ?? "handler"
        let replacement = "index.\(function)"
        return Diagnostic(
            .inlineCode,
            "\(property.words) is '\(name)', but code in a template stands in a file named 'index': '\(replacement)'",
            at: property.span,
            fixIts: property.value.isComputed
                ? [] : [FixIt("write '\(replacement)'", at: property.span, replacement: replacement)]
        )
    }
}
