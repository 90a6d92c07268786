// What stands around an API in AWS and has no place in the manifest: firewalls, private endpoints, caches.

internal import Diagnostics

extension Lowering {
    /// Says which settings of an API or of its stage are left out.
    mutating func reportLeftOut(_ properties: Properties) {
        if let endpoint = properties["EndpointConfiguration"], endpoint.value.isPrivateEndpoint {
            let consequence = "in AWS it is reached from a network only, here by whoever reaches the proxy"
            diagnostics.emit(.settingLeftOut(endpoint.words, consequence, at: endpoint.span))
        }
        if let certificate = properties["ClientCertificateId"], certificate.value.content != .null {
            let consequence = "integrations are called without a certificate"
            diagnostics.emit(.settingLeftOut(certificate.words, consequence, at: certificate.nameSpan))
        }
        var caches = [properties["CacheClusterEnabled"], properties["CachingEnabled"]].compactMap { $0 }
        for setting in properties["MethodSettings"]?.value.list ?? [] {
            for member in setting.members ?? [] where member.key == "CachingEnabled" {
                let owner = "'MethodSettings' of \(properties.owner)"
                caches.append(
                    Property(name: member.key, owner: owner, nameSpan: member.keySpan, value: member.value)
                )
            }
        }
        for cache in caches where cache.value.isNotFalse {
            diagnostics.emit(.settingLeftOut(cache.words, "no answer is kept", at: cache.nameSpan))
        }
    }

    /// Says which resources that stand before APIs are left out.
    mutating func reportResourcesLeftOut() {
        for resource in template.served {
            switch resource.kind {
            case .firewall, .regionalFirewall:
                // Load balancers and user pools have firewalls as well.
                let target = resource.properties["ResourceArn"]
                if let text = target?.text, !text.contains("/restapis/"), !text.contains("/apis/") { continue }
                let consequence = "in AWS a firewall stands before the API, here its requests are answered unfiltered"
                diagnostics.emit(.settingLeftOut("'\(resource.id)'", consequence, at: resource.idSpan))
            case .routingRule:
                let consequence = "it routes the requests of a domain in AWS, here their path alone does"
                diagnostics.emit(.settingLeftOut("'\(resource.id)'", consequence, at: resource.idSpan))
            case .privateDomain:
                guard let policy = resource.properties.members?.first(where: { $0.key == "Policy" }) else { continue }
                let consequence = "in AWS it says who reaches the domain, here whoever reaches the proxy does"
                diagnostics.emit(.settingLeftOut("'Policy' of '\(resource.id)'", consequence, at: policy.keySpan))
            default: break
            }
        }
    }
}

extension Value {
    /// Whether an `EndpointConfiguration` is `PRIVATE`: as a text, or as `Type` or one of `Types` of a mapping.
    fileprivate var isPrivateEndpoint: Bool {
        let types = [self, self["Type"]].compactMap { $0 } + (self["Types"]?.list ?? [])
        return types.contains { $0.text?.uppercased() == "PRIVATE" }
    }

    /// Whether it is there and may be true.
    fileprivate var isNotFalse: Bool { content != .null && text?.lowercased() != "false" }
}

extension DiagnosticCode {
    static let settingLeftOut = DiagnosticCode(
        "setting-left-out",
        .warning,
        """
        The manifest has no place for it, so the proxy serves the routes as if it were not there: a firewall before \
        the API, a private endpoint, a policy or rules of a domain, a certificate for integrations, a cache. Who may \
        call a route within the API is not touched by that. Where the routes must be as guarded as in AWS, guard the \
        proxy's address.
        """
    )
}

extension Diagnostic {
    fileprivate static func settingLeftOut(_ subject: String, _ consequence: String, at span: Span) -> Diagnostic {
        Diagnostic(.settingLeftOut, "\(subject) is not in the manifest: \(consequence)", at: span)
    }
}
