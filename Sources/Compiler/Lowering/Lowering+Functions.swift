// Functions: what the host needs to run them.

internal import Diagnostics
internal import Foundation
internal import Manifest

extension Lowering {
    /// Lowers a function, its environment and its events.
    mutating func lowerFunction(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource) else { return }
        var function = Function()
        if let property = properties["FunctionName"] {
            function.name = property.text(unknown: .settingUnknown, into: &diagnostics)
            checkName(function.name, property)
        }
        let isImage =
            properties["ImageUri"] != nil || properties["PackageType"]?.value.text == "Image"
        if isImage {
            let span = (properties["ImageUri"] ?? properties["PackageType"])?.nameSpan ?? resource.idSpan
            diagnostics.emit(.notRun(resource.id, "it is a container image", at: span))
        } else {
            function.runtime = properties.required("Runtime", into: &diagnostics)?.text(into: &diagnostics)
            function.handler = properties.required("Handler", into: &diagnostics)?.text(into: &diagnostics)
            function.code = code(of: resource, properties)
        }
        if let timeout = properties["Timeout"]?.integer(in: 1...900, into: &diagnostics) {
            function.timeoutSeconds = timeout
        }
        if let memory = properties["MemorySize"]?.integer(in: 128...32768, into: &diagnostics) {
            function.memoryMegabytes = memory
        }
        for name in ["FunctionUrlConfig", "Layers"] {
            if let property = properties[name], property.value.list?.isEmpty != true {
                diagnostics.emit(.settingUnsupported(property))
            }
        }
        function.environment = environment(of: resource, properties)
        functions[resource.id] = function
        lowerEvents(of: resource, properties)
    }

    private mutating func checkName(_ name: String?, _ property: Property) {
        guard let name else { return }
        if let first = nameSpans[name] {
            diagnostics.emit(.nameTaken(name, property, first))
        } else {
            nameSpans[name] = property.span
        }
    }

    /// The folder of the code relative to the template's; nil where it is not on this machine.
    private mutating func code(of resource: ResolvedTemplate.Served, _ properties: Properties) -> String? {
        if let inline = properties["InlineCode"] {
            diagnostics.emit(
                .notRun(resource.id, "its code stands in the template ('InlineCode')", at: inline.nameSpan)
            )
            return nil
        }
        guard let property = properties["CodeUri"] else { return "." }
        if property.value.members != nil {
            diagnostics.emit(.notRun(resource.id, "its code is in S3", at: property.span))
            return nil
        }
        guard let text = property.text(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        if text.hasPrefix("s3://") || text.hasPrefix("https://") || text.hasPrefix("http://") {
            diagnostics.emit(.notRun(resource.id, "its code is at '\(text)'", at: property.span))
            return nil
        }
        let path = Self.normalized(text.hasPrefix("file://") ? String(text.dropFirst("file://".count)) : text)
        let location = path.hasPrefix("/") ? path : Self.folder(of: template.file) + "/" + path
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: location, isDirectory: &isFolder) {
            diagnostics.emit(.codeMissing(property, location, "does not exist"))
        } else if !isFolder.boolValue {
            diagnostics.emit(.codeMissing(property, location, "is a file; the folder with the unpacked code is needed"))
        }
        return path
    }

    /// The path without `.` segments and needless slashes, `.` for the folder itself.
    static func normalized(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }
        let joined = parts.joined(separator: "/")
        if path.hasPrefix("/") { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// The folder that a file stands in.
    static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }
}

extension DiagnosticCode {
    static let functionName = DiagnosticCode(
        "function-name",
        .error,
        "Two functions have the same `FunctionName`. Functions are called by name, so Lambda refuses the second."
    )
    static let codeMissing = DiagnosticCode(
        "code-missing",
        .warning,
        """
        The folder that `CodeUri` names is not there, so the host cannot run the function. A relative path starts from \
        the folder of the template. Code that is built first (`sam build`) must be built before it is run.
        """
    )
    static let functionNotRun = DiagnosticCode(
        "function-not-run",
        .warning,
        """
        The function's code is not a folder on this machine, so the host cannot run it; its routes are compiled. Give \
        the address of a place where the function runs with `--endpoints` or the proxy's `--endpoint NAME=URL`.
        """
    )
    static let settingUnsupported = DiagnosticCode(
        "setting-unsupported",
        .warning,
        """
        The setting has no effect yet. Requests are answered as if it were not there; nothing that it protects is \
        opened by that.
        """
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

    fileprivate static func codeMissing(_ property: Property, _ location: String, _ fault: String) -> Diagnostic {
        Diagnostic(.codeMissing, "\(property.words): '\(location)' \(fault)", at: property.span)
    }

    fileprivate static func notRun(_ id: String, _ reason: String, at span: Span) -> Diagnostic {
        Diagnostic(
            .functionNotRun,
            "the host cannot run '\(id)': \(reason); give it an endpoint where it runs",
            at: span
        )
    }

    static func settingUnsupported(_ property: Property) -> Diagnostic {
        Diagnostic(.settingUnsupported, "\(property.words) has no effect yet", at: property.nameSpan)
    }
}
