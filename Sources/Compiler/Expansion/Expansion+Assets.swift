// Assets: what CDK says in a resource's metadata about the local files that it will upload.

internal import Diagnostics

extension Expansion {
    /// The resources with the local path of each asset in the place of its address in S3.
    ///
    /// CDK names the path under `aws:asset:path`, from the template's folder, and the property that it belongs to under
    /// `aws:asset:property`: `Code`, `TemplateURL`, `Content`, or `Body` and `BodyS3Location`, whose file is included.
    mutating func placingAssets(_ root: YAMLNode) -> YAMLNode {
        root.replacing("Resources") { resources in
            guard let entries = resources.mapping else { return resources }
            let placed = entries.map { entry in
                let value = Self.placingAsset(entry.value)
                return YAMLNode.Entry(key: entry.key, keySpan: entry.keySpan, value: value)
            }
            return YAMLNode(.mapping(placed), span: resources.span)
        }
    }

    private static func placingAsset(_ resource: YAMLNode) -> YAMLNode {
        guard let metadata = resource["Metadata"], let path = metadata["aws:asset:path"], path.string != nil,
            let property = metadata["aws:asset:property"]?.string
        else { return resource }
        return resource.replacing("Properties") { properties in
            switch property {
            case "Body", "BodyS3Location", "DefinitionBody", "DefinitionUri":
                let name = property.hasPrefix("Definition") ? "DefinitionBody" : "Body"
                let others = (properties.mapping ?? []).filter { $0.key != property }
                let entry = YAMLNode.Entry(key: name, keySpan: path.span, value: include(path))
                return YAMLNode(.mapping(others + [entry]), span: properties.span)
            // The name of an image is no path; how it is built is not the compiler's business.
            case _ where property.hasSuffix("ImageUri"): return properties
            default:
                return properties.replacing(property) { _ in path }
            }
        }
    }

    private static func include(_ path: YAMLNode) -> YAMLNode {
        func mapping(_ members: [(String, YAMLNode)]) -> YAMLNode {
            let entries = members.map { YAMLNode.Entry(key: $0.0, keySpan: path.span, value: $0.1) }
            return YAMLNode(.mapping(entries), span: path.span)
        }
        let name = YAMLNode(.scalar(YAMLNode.Scalar(text: "AWS::Include", isPlain: false)), span: path.span)
        let call = mapping([("Name", name), ("Parameters", mapping([("Location", path)]))])
        return mapping([("Fn::Transform", call)])
    }
}

extension YAMLNode {
    /// The mapping with the value of one of its members replaced; the same where it has no such member.
    fileprivate func replacing(_ key: String, _ change: (YAMLNode) -> YAMLNode) -> YAMLNode {
        guard let entries = mapping else { return self }
        let changed = entries.map { entry in
            guard entry.key == key else { return entry }
            return Entry(key: key, keySpan: entry.keySpan, value: change(entry.value))
        }
        return YAMLNode(.mapping(changed), span: span)
    }
}
