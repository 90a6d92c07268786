// A manifest from JSON, strictly: every unknown member, wrong type and dangling name is an error with its place.

package import JSON

/// Why a file is no manifest that this version can use.
package enum ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    case syntax(JSONSyntaxError)
    case shape(JSONShapeError)

    package var description: String {
        switch self {
        case .syntax(let error): error.description
        case .shape(let error): error.description
        }
    }
}

extension Manifest {
    /// Reads the bytes of a manifest.
    ///
    /// - Throws: `ManifestError` with the line and column of a fault of syntax, or the JSON pointer of any other.
    package init(parsing bytes: some Collection<UInt8>) throws(ManifestError) {
        let value: JSONValue
        do { value = try JSONParser.parse(bytes) } catch { throw .syntax(error) }
        do { try self.init(JSONReader(value)) } catch { throw .shape(error) }
    }

    /// Reads a parsed manifest.
    ///
    /// - Throws: `JSONShapeError` with the JSON pointer of the first fault.
    package init(_ reader: JSONReader) throws(JSONShapeError) {
        // The number comes first: a newer format may have any other shape.
        if let version = reader.value["manifest"]?.integer, version > Int64(Manifest.formatVersion) {
            throw JSONShapeError(
                pointer: "/manifest",
                message: "the manifest is of format \(version), this version reads up to \(Manifest.formatVersion)"
            )
        }
        self = try reader.object { (object) throws(JSONShapeError) in
            var manifest = Manifest()
            _ = try object.required("manifest").integer(in: 1...Manifest.formatVersion)
            for (id, api) in try object.required("apis").members() { manifest.apis[id] = try API(api) }
            for (id, function) in try object.required("functions").members() {
                manifest.functions[id] = try Function(function)
            }
            return manifest
        }
        try checkReferences()
    }

    /// Every name that a route uses must be declared: a route without its authorizer would be open.
    private func checkReferences() throws(JSONShapeError) {
        for (id, api) in apis.sortedByCodePoint {
            let pointer = "/apis/\(id)"
            for (name, authorizer) in api.authorizers.sortedByCodePoint {
                guard let function = authorizer.function, functions[function] == nil else { continue }
                throw JSONShapeError(
                    pointer: "\(pointer)/authorizers/\(name)/function",
                    message: "no function '\(function)'"
                )
            }
            if let auth = api.cors?.preflightAuth {
                try api.check(auth, pointer: "\(pointer)/cors/preflightAuth")
            }
            for (key, route) in api.routes.sorted(by: { $0.key < $1.key }) {
                let place = "\(pointer)/routes/\(key.description.replacing("~", with: "~0").replacing("/", with: "~1"))"
                try api.check(route.auth, pointer: "\(place)/auth")
                guard functions[route.function] != nil else {
                    throw JSONShapeError(pointer: "\(place)/function", message: "no function '\(route.function)'")
                }
            }
        }
    }
}

extension API {
    fileprivate func check(_ auth: RouteAuth, pointer: String) throws(JSONShapeError) {
        guard case .authorizer(let name) = auth, authorizers[name] == nil else { return }
        throw JSONShapeError(pointer: pointer, message: "no authorizer '\(name)'")
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            let kind = try object.required("kind").choice(APIKind.self)
            var api = API(kind: kind, stage: try object.required("stage").string())
            if let variables = object.optional("stageVariables") {
                for (name, value) in try variables.members() { api.stageVariables[name] = try value.string() }
            }
            if let cors = object.optional("cors") { api.cors = try CORS(cors, kind: kind) }
            if let types = object.optional("binaryTypes") { api.binaryTypes = try types.strings() }
            if let authorizers = object.optional("authorizers") {
                for (name, value) in try authorizers.members() {
                    if name == "none" { throw value.error("'none' means no authorizer and cannot name one") }
                    api.authorizers[name] = try Authorizer(value)
                }
            }
            api.routes = try Route.routes(try object.required("routes"), kind: kind)
            return api
        }
    }
}

extension CORS {
    fileprivate init(_ reader: JSONReader, kind: APIKind) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var cors = CORS()
            if let list = object.optional("allowOrigins") { cors.allowOrigins = try list.strings() }
            if let list = object.optional("allowMethods") { cors.allowMethods = try list.strings() }
            if let list = object.optional("allowHeaders") { cors.allowHeaders = try list.strings() }
            if let list = object.optional("exposeHeaders") { cors.exposeHeaders = try list.strings() }
            if let age = object.optional("maxAgeSeconds") { cors.maxAgeSeconds = try age.integer(in: -1...86400 * 365) }
            if let credentials = object.optional("allowCredentials") {
                cors.allowCredentials = try credentials.boolean()
                if cors.allowCredentials && kind == .http && cors.allowOrigins.contains("*") {
                    throw credentials.error("credentials cannot be allowed together with the origin '*'")
                }
            }
            switch kind {
            case .rest: cors.preflightAuth = RouteAuth(try object.required("preflightAuth").string())
            case .http: break
            }
            return cors
        }
    }
}

extension Authorizer {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var authorizer = Authorizer(kind: try object.required("kind").choice(Kind.self))
            authorizer.function = try object.optional("function")?.string()
            authorizer.issuer = try object.optional("issuer")?.string()
            if let list = object.optional("audiences") { authorizer.audiences = try list.strings() }
            return authorizer
        }
    }
}

extension Route {
    fileprivate static func routes(_ reader: JSONReader, kind: APIKind) throws(JSONShapeError) -> [RouteKey: Route] {
        var routes: [RouteKey: Route] = [:]
        var shapes: [String: RouteKey] = [:]
        for (text, value) in try reader.members() {
            let key: RouteKey
            do { key = try RouteKey(text) } catch { throw value.error(error.description) }
            switch key {
            case .fallback where kind == .rest: throw value.error("only HTTP APIs have a route '$default'")
            case .fallback: break
            case .path(let method, let pattern):
                if let other = shapes.updateValue(key, forKey: "\(method.rawValue) \(pattern.shape)") {
                    throw value.error("takes the same requests as '\(other)'")
                }
            }
            routes[key] = try Route(value, kind: kind)
        }
        return routes
    }

    private init(_ reader: JSONReader, kind: APIKind) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            let function = try object.required("function").string()
            let payload = try object.optional("payload")?.choice(PayloadFormat.self) ?? kind.defaultPayload
            if kind == .rest && payload != .v1 {
                throw reader.error("a REST API sends payload format 1.0 only")
            }
            var route = Route(
                function: function,
                payload: payload,
                auth: RouteAuth(try object.required("auth").string())
            )
            if let list = object.optional("scopes") { route.scopes = try list.strings() }
            if let list = object.optional("unsupported") { route.unsupported = try list.strings() }
            route.timeoutMilliseconds = try object.optional("timeoutMilliseconds")?.integer(in: 50...900_000)
            return route
        }
    }
}

extension Function {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var function = Function()
            function.name = try object.optional("name")?.string()
            function.runtime = try object.optional("runtime")?.string()
            function.handler = try object.optional("handler")?.string()
            function.code = try object.optional("code")?.string()
            if let endpoint = object.optional("endpoint") { function.endpoint = try Endpoint(endpoint) }
            if let timeout = object.optional("timeoutSeconds") {
                function.timeoutSeconds = try timeout.integer(in: 1...900)
            }
            if let memory = object.optional("memoryMegabytes") {
                function.memoryMegabytes = try memory.integer(in: 128...32768)
            }
            if let environment = object.optional("environment") {
                for (name, value) in try environment.members() {
                    function.environment[name] = try EnvironmentValue(value)
                }
            }
            return function
        }
    }
}

extension Endpoint {
    /// Reads `{"protocol": …, "url": …}`.
    ///
    /// - Throws: `JSONShapeError` with the JSON pointer of the first fault.
    package init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            let wire = try object.optional("protocol")?.choice(Wire.self) ?? .lambda
            let url = try object.required("url")
            let text = try url.string()
            do throws(EndpointError) { return try Endpoint(wire: wire, url: text) } catch {
                throw url.error(error.description)
            }
        }
    }
}

extension EnvironmentValue {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        if let text = reader.value.string {
            self = .text(text)
        } else {
            self = .secret(
                try reader.object { (object) throws(JSONShapeError) in try object.required("secret").string() }
            )
        }
    }
}
