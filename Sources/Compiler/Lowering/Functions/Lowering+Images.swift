// Functions that are container images, and what CloudFormation refuses of them and of others.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Whether the function is an image: `PackageType` says so, or CloudFormation's `Code` names one.
    mutating func isImage(_ properties: Properties) -> Bool {
        if let property = properties["PackageType"],
            let type = property.choice(PackageType.self, into: &diagnostics)
        {
            if type == .image { return true }
        }
        if properties["Code"]?.value["ImageUri"] != nil { return true }
        for name in ["ImageUri", "ImageConfig"] {
            guard let property = properties[name] else { continue }
            diagnostics.emit(.packageType(property, "'PackageType: Image'", isMissing: true))
            return true
        }
        return false
    }

    /// The image and what it is started with.
    mutating func image(of resource: ResolvedTemplate.Served, _ properties: Properties) -> Function.Image {
        var image = Function.Image()
        let uri = properties["ImageUri"]?.value ?? properties["Code"]?.value["ImageUri"]
        // Where an image is kept matters to nobody here: an unknown place needs no words.
        image.uri = uri?.secretSource == nil ? uri?.text : nil
        if let settings = properties["ImageConfig"]?
            .properties(["Command", "EntryPoint", "WorkingDirectory"], unknown: .settingUnknown, into: &diagnostics)
        {
            image.command = settings["Command"]?.texts(unknown: .settingUnknown, into: &diagnostics) ?? []
            image.entryPoint = settings["EntryPoint"]?.texts(unknown: .settingUnknown, into: &diagnostics) ?? []
            image.workingDirectory = settings["WorkingDirectory"]?
                .text(unknown: .settingUnknown, into: &diagnostics)
        }
        for name in ["Handler", "Runtime", "Layers"] {
            if let property = properties[name] {
                diagnostics.emit(.packageType(property, "the package type 'Image'", isMissing: false))
            }
        }
        let property = properties["ImageUri"] ?? properties["Code"] ?? properties["PackageType"]
        let span = property?.nameSpan ?? resource.idSpan
        notRun[resource.id] = .notRun(resource.id, "it is a container image", at: span)
        return image
    }
}

/// The forms of code that Lambda knows.
private enum PackageType: String, CaseIterable {
    case zip = "Zip"
    case image = "Image"
}

extension DiagnosticCode {
    static let packageType = DiagnosticCode(
        "package-type",
        .error,
        """
        A function is an archive with `Runtime` and `Handler` (`PackageType: Zip`, the default), or a container image \
        with `ImageUri` and perhaps `ImageConfig` (`PackageType: Image`). The properties of one cannot stand with \
        the other.
        """
    )
}

extension Diagnostic {
    fileprivate static func packageType(_ property: Property, _ words: String, isMissing: Bool) -> Diagnostic {
        Diagnostic(
            .packageType,
            isMissing ? "\(property.words) needs \(words)" : "\(property.words) cannot stand with \(words)",
            at: property.nameSpan
        )
    }
}
