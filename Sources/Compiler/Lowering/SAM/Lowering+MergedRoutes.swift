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
    ///   - hasOwnAuth: whether the event names an authorizer.
    ///   - properties: those of the event.
    ///   - api: its API.
    mutating func add(_ draft: RouteDraft, hasOwnAuth: Bool, _ properties: Properties, to api: APIDraft) {
        guard case .document(let isMerged) = api.source else {
            if api.source == .remote {
                diagnostics.emit(.eventInRemoteDocument(draft))
            } else {
                routes.append(draft)
            }
            return
        }
        guard let place = documentRoutes[draft.identity] else {
            if isMerged || api.kind == .http {
                var draft = draft
                if let auth = emptyOperations.removeValue(forKey: draft.identity)?.auth, !hasOwnAuth {
                    (draft.route.auth, draft.route.scopes) = (auth.auth, auth.scopes)
                }
                addDocumentRoute(draft)
            } else {
                diagnostics.emit(.eventNotInDocument(draft))
            }
            return
        }
        let old = routes[place].route
        if isMerged {
            var merged = draft
            if !hasOwnAuth { (merged.route.auth, merged.route.scopes) = (old.auth, old.scopes) }
            merged.route.validation = merged.route.validation ?? old.validation
            routes[place] = merged
            return
        }
        let overridesAuth = properties["Auth"]?.value["OverrideApiAuth"]?.text == "true"
        if overridesAuth || (api.kind == .http && hasOwnAuth && old.auth == .none) {
            routes[place].route.auth = draft.route.auth
            routes[place].route.scopes = draft.route.scopes
            routes[place].route.isKeyRequired = draft.route.isKeyRequired
        }
        guard api.kind == .http else { return }
        if let timeout = draft.route.timeoutMilliseconds { routes[place].route.timeoutMilliseconds = timeout }
        if properties["PayloadFormatVersion"] != nil, case .function(_, let payload) = draft.route.target,
            case .function(let function, _) = old.target
        {
            routes[place].route.target = .function(function, payload)
        }
    }
}

extension Lowering {
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
    fileprivate static func eventNotInDocument(_ draft: Lowering.RouteDraft) -> Diagnostic {
        Diagnostic(
            .eventNotInDocument,
            "there will be no route '\(draft.key)': the document of '\(draft.api)' does not have it",
            at: draft.span
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
