// A function from and to JSON.

package import JSON

extension Function {
    var json: JSONValue {
        var object = JSONObject()
        object.set("name", name)
        object.set("runtime", runtime)
        object.set("handler", handler)
        object.set("code", code)
        object.set("inlineCode", inlineCode)
        object["image"] = image?.json
        object.set("layers", list: layers)
        object.set("architecture", architecture)
        object["endpoint"] = endpoint.map { ["protocol": .string($0.wire.rawValue), "url": .string($0.url)] }
        if timeoutSeconds != Function.defaultTimeoutSeconds { object.set("timeoutSeconds", timeoutSeconds) }
        if memoryMegabytes != Function.defaultMemoryMegabytes { object.set("memoryMegabytes", memoryMegabytes) }
        object.set("ephemeralStorageMegabytes", ephemeralStorageMegabytes)
        object.set("reservedConcurrency", reservedConcurrency)
        object.set("environment", members: environment, \.json)
        return .object(object)
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var function = Function()
            function.name = try object.optional("name")?.string()
            function.runtime = try object.optional("runtime")?.string()
            function.handler = try object.optional("handler")?.string()
            function.code = try object.optional("code")?.string()
            function.inlineCode = try object.optional("inlineCode")?.string()
            if let image = object.optional("image") { function.image = try Image(image) }
            function.layers = try object.list("layers")
            function.architecture = try object.optional("architecture")?.string()
            if let endpoint = object.optional("endpoint") { function.endpoint = try Endpoint(endpoint) }
            if let timeout = object.optional("timeoutSeconds") {
                function.timeoutSeconds = try timeout.integer(in: 1...900)
            }
            if let memory = object.optional("memoryMegabytes") {
                function.memoryMegabytes = try memory.integer(in: 128...32768)
            }
            function.ephemeralStorageMegabytes =
                try object.optional("ephemeralStorageMegabytes")?.integer(in: 512...10240)
            function.reservedConcurrency = try object.optional("reservedConcurrency")?.integer(in: 0...1_000_000)
            function.environment = try object.members("environment") { (value) throws(JSONShapeError) in
                try EnvironmentValue(value)
            }
            return function
        }
    }
}

extension Function.Image {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("uri", uri)
        object.set("command", list: command)
        object.set("entryPoint", list: entryPoint)
        object.set("workingDirectory", workingDirectory)
        return .object(object)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var image = Function.Image()
            image.uri = try object.optional("uri")?.string()
            image.command = try object.list("command")
            image.entryPoint = try object.list("entryPoint")
            image.workingDirectory = try object.optional("workingDirectory")?.string()
            return image
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
    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .secret(let source): ["secret": .string(source)]
        }
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        if let text = reader.value.string {
            self = .text(text)
        } else {
            self = .secret(
                try reader.object { (object) throws(JSONShapeError) in try object.required("secret").string() }
            )
        }
    }
}
