// One run of `samovar invoke`: compiles, invokes, and leaves nothing behind.

internal import ArgumentParser
internal import JSON
internal import Manifest

/// What `samovar invoke` does between its first line and its last.
struct InvokeSession: Sendable {
    let functions: FunctionSession
    /// The name of the function; nil for the only one.
    let function: String?
    let event: InvokeEvent
    /// The runtime in place of the function's own.
    let runtime: String?
    let tenant: String?

    /// Invokes the function where it is: at its endpoint, where it has one, else at a host that is started for it.
    ///
    /// - Throws: `CommandError` where it cannot be invoked; `ExitCode` 1 where it fails, once that is said.
    func invoke() async throws {
        var compiled = try functions.compile()
        let (id, found) = try compiled.manifest.function(named: function)
        var function = found
        if let runtime { function.runtime = runtime }
        if let endpoint = function.endpoint {
            return try await invoke(function.name ?? id, at: usable(endpoint, of: id))
        }
        // The host then looks for no other function's runtime, and has nothing to say of theirs.
        compiled.manifest = Manifest(functions: [id: function])
        try await functions.withHost(of: compiled) { host in
            let endpoint = try Endpoint(wire: .lambda, url: "http://\(host.address)")
            try await invoke(id, at: endpoint)
        }
    }

    private func usable(_ endpoint: Endpoint, of id: String) throws(CommandError) -> Endpoint {
        guard endpoint.wire != .http else {
            throw CommandError("'\(id)' is a web server at \(endpoint.url); call its routes with an HTTP client")
        }
        guard !endpoint.isSecure else {
            throw CommandError(
                "'\(id)' is at \(endpoint.url), and HTTPS is not supported here; use 'aws lambda invoke --endpoint-url'"
            )
        }
        return endpoint
    }

    private func invoke(_ name: String, at endpoint: Endpoint) async throws {
        let client = InvokeAPIClient(endpoint: endpoint)
        let answer = try await client.invoke(name, payload: event.bytes, tenant: tenant)
        guard answer.status == 200 else { throw refusal(answer) }
        try Console.write(answer.payload + Array("\n".utf8))
        let isError = answer.fields["x-amz-function-error"] != nil || endpoint.wire == .rie && isError(answer.payload)
        guard isError else { return }
        Console.say(FunctionFailureText.text(answer.payload, of: name, isColored: Console.isColored))
        throw ExitCode(1)
    }

    /// The emulator answers errors like results: an object with `errorMessage` and one of its companions is one.
    private func isError(_ payload: [UInt8]) -> Bool {
        if String(decoding: payload, as: UTF8.self).hasPrefix("Task timed out after") { return true }
        guard let value = try? JSONParser.parse(payload), value["statusCode"] == nil else { return false }
        return value["errorMessage"] != nil && (value["errorType"] != nil || value["stackTrace"] != nil)
    }

    /// Why the endpoint does not invoke the function.
    private func refusal(_ answer: InvokeAnswer) -> CommandError {
        if answer.status == 400, let fault = event.fault { return CommandError(fault) }
        let body = try? JSONParser.parse(answer.payload)
        let message = body?["message"]?.string ?? body?["Message"]?.string ?? "the endpoint answers \(answer.status)"
        let type = answer.fields["x-amzn-errortype"].map { "\($0): " } ?? ""
        return CommandError("\(type)\(message)")
    }
}
