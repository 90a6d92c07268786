// Custom domains that stand in resources, and what of them leads to an API.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers an `AWS::ApiGateway::BasePathMapping`, its second version or an `AWS::ApiGatewayV2::ApiMapping` with its
    /// domain.
    mutating func lowerMapping(_ resource: ResolvedTemplate.Served) {
        let isVersion2 = resource.kind == .mapping
        guard let properties = properties(of: resource),
            let property = properties[isVersion2 ? "ApiId" : "RestApiId"],
            let id = property.text(unknown: .settingUnknown, into: &diagnostics),
            let name = properties.required(
                resource.kind == .privateMapping ? "DomainNameArn" : "DomainName",
                into: &diagnostics
            )
        else { return }
        // Mappings of the second version are for REST APIs too.
        guard var draft = apis[id], draft.kind != .functionURL else {
            let known = apis.values.filter { $0.kind != .functionURL }.map(\.id)
            reportDangling(id, property, "API", known: known, severity: .warning)
            return
        }
        guard let (domainName, isMutualTLS) = domain(name, of: draft) else { return }
        let path = properties[isVersion2 ? "ApiMappingKey" : "BasePath"]?
            .text(unknown: .settingUnknown, into: &diagnostics)?.withoutSlashes
        let isNew = draft.api.domains[domainName] == nil
        var domain = draft.api.domains[domainName] ?? Domain()
        domain.isMutualTLS = isMutualTLS
        if let path, !path.isEmpty, path != "(none)" {
            if isNew || !domain.basePaths.isEmpty { domain.basePaths.append(path) }
        } else {
            // One mapping for everything is enough.
            domain.basePaths = []
        }
        draft.api.domains[domainName] = domain
        apis[id] = draft
    }

    /// The name of a domain, and whether its clients must show a certificate; nil where the name is not known.
    private mutating func domain(_ property: Property, of draft: APIDraft) -> (name: String, isMutualTLS: Bool)? {
        guard let value = property.text(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        let text = Self.domainName(value)
        let kinds: [Resource.Kind] = [.restDomain, .privateDomain, .domain]
        let declaration =
            resources[text].flatMap { kinds.contains($0.kind) ? $0 : nil }
            ?? template.served.first { resource in
                kinds.contains(resource.kind) && resource.properties["DomainName"]?.text == text
            }
        guard let declaration, let properties = properties(of: declaration) else { return (text, false) }
        let name = properties["DomainName"]?.text(unknown: .settingUnknown, into: &diagnostics) ?? declaration.id
        guard let mutualTLS = properties["MutualTlsAuthentication"], mutualTLS.value.content != .null else {
            return (name, false)
        }
        diagnostics.emit(.routesRefused(mutualTLS, of: "every route of '\(draft.id)'"))
        return (name, true)
    }

    /// The name within the ARN of a domain, which for a private one has its id behind it:
    /// `arn:aws:apigateway:us-east-1:123456789012:/domainnames/private.example.com+abc123`.
    private static func domainName(_ text: String) -> String {
        guard text.hasPrefix("arn:"), let start = text.firstRange(of: "/domainnames/") else { return text }
        return String(text[start.upperBound...].prefix { $0 != "+" })
    }
}
