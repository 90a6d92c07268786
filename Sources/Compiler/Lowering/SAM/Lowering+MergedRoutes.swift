// Events of an API whose routes stand in a document: what they add to it.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Adds the route of an event, as far as the API's document leaves it to events.
    ///
    /// To the document of a REST API events add nothing, unless `MergeDefinitions` lets them take the place of its
    /// operations, or `OverrideApiAuth` lets them say who may call these. To the document of an HTTP API they add the
    /// operations that it does not have (samtranslator, `eventsources/push.py`).
    ///
    /// - Parameters:
    ///   - draft: the route.
    ///   - auth: who may call it, and what of that the event says itself.
    ///   - properties: those of the event.
    ///   - api: its API.
    mutating func add(_ draft: RouteDraft, auth: LoweredAuth, _ properties: Properties, to api: APIDraft) {
        guard case .document(let isMerged) = api.source else {
            if api.source == .remote {
                diagnostics.emit(.eventInRemoteDocument(draft))
            } else {
                routes.append(draft)
            }
            return
        }
        var draft = draft
        guard let place = documentRoutes[draft.identity] else {
            if isMerged || api.kind == .http {
                let documentAuth = emptyOperations.removeValue(forKey: draft.identity)?.auth
                if let documentAuth, !auth.saysAny { draft.route.guardBy(documentAuth) }
                addDocumentRoute(draft)
            } else {
                diagnostics.emit(.eventNotInDocument(draft.key, of: draft.api, at: draft.span))
            }
            return
        }
        let old = routes[place]
        if isMerged {
            // The operation's 'security' is replaced as a whole, or not at all.
            if let documentAuth = old.documentAuth, !auth.saysAny { draft.route.guardBy(documentAuth) }
            draft.route.validation = draft.route.validation ?? old.route.validation
            draft.documentAuth = old.documentAuth
            routes[place] = draft
            return
        }
        // What the event says is added to what the operation says: 'NONE' does not open an operation that names an
        // authorizer, and a key does not stand in for one.
        let isNamed = old.documentAuth?.saysAuthorizer ?? false
        if auth.saysAuthorizer, !isNamed || (api.kind == .rest && auth.auth != .none) {
            routes[place].route.auth = auth.auth
            routes[place].route.scopes = auth.scopes
        }
        if auth.saysKey, !(old.documentAuth?.saysKey ?? false) {
            routes[place].route.isKeyRequired = auth.isKeyRequired
        }
        guard api.kind == .http else { return }
        if let timeout = draft.route.timeoutMilliseconds { routes[place].route.timeoutMilliseconds = timeout }
        if let throttle = draft.route.throttle { routes[place].route.throttle = throttle }
        if properties["PayloadFormatVersion"] != nil, case .function(_, let payload) = draft.route.target,
            case .function(let function, _) = old.route.target
        {
            routes[place].route.target = .function(function, payload)
        }
    }
}

extension Lowering {
    /// Whether the document of a REST API says all of an operation, so that an event for it changes nothing.
    ///
    /// - Parameters:
    ///   - key: the operation of the event; one that the document does not have is reported.
    ///   - properties: those of the event; an `Auth` without effect is reported.
    ///   - span: where the event stands.
    ///   - api: its API.
    /// - Returns: true where there is nothing more to do for the event.
    mutating func isLeftToDocument(_ key: RouteKey, _ properties: Properties, at span: Span, of api: APIDraft) -> Bool {
        guard api.kind == .rest, api.source == .document(isMerged: false) else { return false }
        let auth = properties["Auth"].flatMap { $0.value.content == .null ? nil : $0 }
        guard auth?.value["OverrideApiAuth"]?.text != "true" else { return false }
        guard let place = documentRoutes["\(api.id) \(key.shape)"] else {
            diagnostics.emit(.eventNotInDocument(key, of: api.id, at: span))
            return true
        }
        if let auth { diagnostics.emit(.authIgnored(auth, routes[place])) }
        return true
    }

    /// Adds a route of a document, where events find it.
    mutating func addDocumentRoute(_ draft: RouteDraft) {
        if documentRoutes[draft.identity] == nil { documentRoutes[draft.identity] = routes.count }
        routes.append(draft)
    }
}

extension Lowering.RouteDraft {
    /// What routes have in common that take the same requests of the same API.
    var identity: String { "\(api) \(key.shape)" }
}

extension DiagnosticCode {
    static let authIgnored = DiagnosticCode(
        "auth-ignored",
        .warning,
        """
        The REST API of the event has an OpenAPI document, which says who may call each operation. The `Auth` of an event \
        changes nothing of that, so a route may be open that looks guarded: write `security` into the document, set \
        `MergeDefinitions: true` for the API, or `OverrideApiAuth: true` in the `Auth`.
        """
    )
    static let eventNotInDocument = DiagnosticCode(
        "event-not-in-document",
        .warning,
        """
        The REST API of the event has an OpenAPI document, and the document has no such operation. SAM adds nothing to \
        a document, so there is no such route: write it into the document, or set `MergeDefinitions: true`.
        """
    )
}

extension Diagnostic {
    fileprivate static func eventNotInDocument(_ key: RouteKey, of api: String, at span: Span) -> Diagnostic {
        Diagnostic(
            .eventNotInDocument,
            "there will be no route '\(key)': the document of '\(api)' does not have it",
            at: span
        )
    }

    fileprivate static func authIgnored(_ auth: Property, _ draft: Lowering.RouteDraft) -> Diagnostic {
        let who = draft.route.auth == .none ? "it is open to everyone" : "it is guarded by '\(draft.route.auth.text)'"
        return Diagnostic(
            .authIgnored,
            "\(auth.words) changes nothing: the document of '\(draft.api)' says who may call '\(draft.key)', and \(who)",
            at: auth.nameSpan,
            notes: [Note("the operation is here", at: draft.span)]
        )
    }

    fileprivate static func eventInRemoteDocument(_ draft: Lowering.RouteDraft) -> Diagnostic {
        Diagnostic(
            .eventNotInDocument,
            "the event adds no route '\(draft.key)': the routes of '\(draft.api)' are those of its document",
            at: draft.span
        )
    }
}
