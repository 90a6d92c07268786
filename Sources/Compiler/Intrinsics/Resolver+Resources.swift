// What Ref and GetAtt give for functions, their aliases and their versions.

internal import Diagnostics

extension Resolver {
    /// The part of AWS that the region belongs to (AWS general reference, "Amazon Resource Names").
    var partition: (name: String, domain: String) {
        let partitions = [
            ("cn-", "aws-cn", "amazonaws.com.cn"), ("us-gov-", "aws-us-gov", "amazonaws.com"),
            ("us-iso-", "aws-iso", "c2s.ic.gov"), ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
            ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"), ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
            ("eusc-", "aws-eusc", "amazonaws.eu"),
        ]
        let found = partitions.first { region.hasPrefix($0.0) }
        return found.map { ($0.1, $0.2) } ?? ("aws", "amazonaws.com")
    }

    /// The ARN that a function of a name would have.
    func functionARN(_ name: String) -> String {
        "arn:\(partition.name):lambda:\(region):\(Self.accountID):function:\(name)"
    }

    /// The value of `Ref` of a resource: its logical id, but the ARN of an alias or version of a function.
    mutating func reference(to resource: Resource, at span: Span) -> Value {
        let qualifier: String
        switch resource.type {
        case "AWS::Lambda::Alias":
            guard let name = property("Name", of: resource) else { break }
            if name.unknownReason != nil { return name.moved(to: span) }
            if let text = name.text { return qualified(resource, name: text, at: span) }
        case "AWS::Lambda::Version":
            qualifier = "$LATEST"
            return qualified(resource, name: qualifier, at: span)
        // Within a nested stack a logical id alone does not tell which function it is.
        case "AWS::Serverless::Function", "AWS::Lambda::Function":
            if stack.path != .root, let name = functionName(resource).name { return .computed(name, at: span) }
        default: break
        }
        var value = Value.computed(resource.id, at: span)
        value.standIn = resource.id
        return value
    }

    /// `Function.Alias` and `Function.Version`, which SAM replaces by the alias or version that it makes.
    mutating func qualified(_ resource: Resource, _ attribute: String, at span: Span) -> Value {
        let (name, reason) = functionName(resource)
        guard let name else { return .unknown(reason, at: span) }
        switch attribute {
        case "Version": return .computed("\(functionARN(name)):$LATEST", at: span)
        case "Alias":
            guard let alias = property("AutoPublishAlias", of: resource) else {
                return wrong(.nameUnknown("\(resource.id).Alias", known: [], at: span), at: span)
            }
            guard let text = alias.text else { return alias.moved(to: span) }
            return .computed("\(functionARN(name)):\(text)", at: span)
        default: return .unknown("SAM makes '\(resource.id).\(attribute)' when it deploys", at: span)
        }
    }

    /// What SAM names `FunctionAliasNAME` when a function has `AutoPublishAlias: NAME`; nil for any other name.
    mutating func publishedAlias(_ name: String, at span: Span) -> Value? {
        for marker in name.ranges(of: "Alias") {
            guard let resource = resources[String(name[..<marker.lowerBound])], resource.kind == .function,
                property("AutoPublishAlias", of: resource)?.text == String(name[marker.upperBound...])
            else { continue }
            return qualified(resource, "Alias", at: span)
        }
        return nil
    }

    /// The value of an attribute that only says which resource it is; nil for every other attribute.
    ///
    /// Such a one is its logical id, as `Ref` is, and the root of a REST API is `API.RootResourceId`.
    mutating func identity(of resource: Resource, _ attribute: String, at span: Span) -> Value? {
        let type = resource.type.split(separator: ":").last ?? ""
        switch (resource.type, attribute) {
        case ("AWS::Lambda::Alias", "AliasArn"), ("AWS::Lambda::Version", "FunctionArn"):
            return reference(to: resource, at: span)
        case ("AWS::ApiGateway::RestApi", "RootResourceId"), ("AWS::Serverless::Api", "RootResourceId"):
            return .computed("\(resource.id).RootResourceId", at: span)
        case ("AWS::Lambda::LayerVersion", "LayerVersionArn"), ("AWS::ApiGatewayV2::Api", "ApiId"),
            ("AWS::ApiGateway::DomainNameV2", "DomainNameArn"), ("AWS::ApiGateway::UsagePlan", "Id"),
            ("AWS::ApiGateway::ApiKey", "APIKeyId"):
            return .computed(resource.id, at: span)
        case (let name, "\(type)Id") where name.hasPrefix("AWS::ApiGateway"):
            return .computed(resource.id, at: span)
        default: return nil
        }
    }

    /// The ARN of the function that an alias or version belongs to, with a qualifier.
    private mutating func qualified(_ resource: Resource, name qualifier: String, at span: Span) -> Value {
        guard let value = property("FunctionName", of: resource) else { return .computed(resource.id, at: span) }
        guard let text = value.text else { return value.moved(to: span) }
        if text.hasPrefix("arn:") { return .computed("\(text):\(qualifier)", at: span) }
        guard let function = resources[text] else { return .computed("\(functionARN(text)):\(qualifier)", at: span) }
        let (name, reason) = functionName(function)
        guard let name else { return .unknown(reason, at: span) }
        return .computed("\(functionARN(name)):\(qualifier)", at: span)
    }

    /// The value of one property of a resource; nil where it has none.
    private mutating func property(_ name: String, of resource: Resource) -> Value? {
        guard let node = resource.properties?.mapping?.first(where: { $0.key == name })?.value else { return nil }
        let value = resolve(node)
        if value.text != nil, let source = value.secretSource {
            // The ARN that is made of it would show it.
            return .unknown("'\(name)' of '\(resource.id)' is a secret", at: value.span, secretSource: source)
        }
        return value.content == .absent ? nil : value
    }
}
