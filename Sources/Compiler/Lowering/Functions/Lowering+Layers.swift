// Layers of functions: folders beside the template, or what only AWS has.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// The layers of a function in order: folders of the template's own layers, and ARNs of others.
    mutating func layers(_ property: Property) -> [String] {
        guard let elements = property.elements(unknown: .settingUnknown, into: &diagnostics) else { return [] }
        var layers: [String] = []
        for element in elements {
            guard let text = element.text(unknown: .settingUnknown, into: &diagnostics) else { continue }
            if let layer = resources[text], layer.kind.isLayer {
                if let folder = folder(of: layer, element) { layers.append(folder) }
            } else if text.hasPrefix("arn:") {
                layers.append(text)
                diagnostics.emit(
                    .layerElsewhere(element, "'\(text)' is in AWS", "unless the host finds it in its cache")
                )
            } else if let condition = template.absent[text] {
                diagnostics.emit(.layerAbsent(text, condition, element))
            } else {
                diagnostics.emit(.layerUnknown(text, element, known: template.served.filter(\.kind.isLayer).map(\.id)))
            }
        }
        return layers
    }

    /// The folder of a layer relative to the template's; nil where it is not on this machine.
    private mutating func folder(of layer: ResolvedTemplate.Served, _ element: Property) -> String? {
        let name = layer.kind == .layer ? "ContentUri" : "Content"
        guard let content = layer.properties[name] else {
            diagnostics.emit(.propertyMissing(name, of: "'\(layer.id)'", at: layer.idSpan))
            return nil
        }
        guard let text = content.text, content.secretSource == nil, let path = Self.localPath(text) else {
            diagnostics.emit(.layerElsewhere(element, "the content of '\(layer.id)' is in S3", "on this machine"))
            return nil
        }
        checkCode(path, Property(name: name, owner: "'\(layer.id)'", nameSpan: content.span, value: content))
        return path
    }
}

extension Resource.Kind {
    /// Whether it is a layer.
    var isLayer: Bool { self == .layer || self == .plainLayer }
}

extension DiagnosticCode {
    static let layerElsewhere = DiagnosticCode(
        "layer-elsewhere",
        .warning,
        """
        The content of a layer is not beside the template. The host looks for a layer that has an ARN in its cache, at \
        `~/.cache/samovar/layers/REGION/ACCOUNT/NAME/VERSION`, a folder or an archive with `.zip` after its name, and \
        runs the function without it otherwise. To put it there, ask \
        `aws lambda get-layer-version-by-arn --arn ARN --query Content.Location --output text` for an address, and \
        fetch that with `curl -o`. Content in S3 must be fetched and named as `ContentUri`.
        """
    )
    static let layerUnknown = DiagnosticCode(
        "layer-unknown",
        .warning,
        """
        A layer is the `!Ref` of an `AWS::Serverless::LayerVersion` or `AWS::Lambda::LayerVersion` of the template, or \
        the ARN of a version of a layer.
        """
    )
}

extension Diagnostic {
    fileprivate static func layerElsewhere(_ element: Property, _ reason: String, _ condition: String) -> Diagnostic {
        Diagnostic(
            .layerElsewhere,
            "\(reason), so \(element.owner) runs without this layer \(condition)",
            at: element.span
        )
    }

    fileprivate static func layerAbsent(_ id: String, _ condition: String, _ element: Property) -> Diagnostic {
        Diagnostic(
            .layerUnknown,
            "there is no layer '\(id)': it depends on '\(condition)', which does not hold",
            at: element.span
        )
    }

    fileprivate static func layerUnknown(_ text: String, _ element: Property, known: [String]) -> Diagnostic {
        Diagnostic(
            .layerUnknown,
            "\(element.words): '\(text)' is no layer of the template and no ARN\(didYouMean(text, among: known))",
            at: element.span
        )
    }
}
