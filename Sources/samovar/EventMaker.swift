// Asks samovar-proxy for the event of a request, so that there is one maker of events.

internal import Compiler
internal import Diagnostics
internal import JSON
internal import Manifest
internal import Subprocess
internal import SystemPackage

/// Makes events by running `samovar-proxy --event`.
struct EventMaker: Sendable {
    let manifest: Manifest
    let region: String
    /// The file of the proxy's settings; nil for its defaults.
    var proxySettings: String?

    /// The event of a request, printed for people.
    ///
    /// - Parameters:
    ///   - request: the bytes of the request.
    ///   - recipient: `function` or `authorizer`.
    /// - Returns: the event, and what the proxy says of it.
    /// - Throws: `CommandError` where there is none, with the reason.
    func event(of request: [UInt8], for recipient: String) async throws -> (text: String, note: String) {
        let folder = try ManifestFolder()
        defer { folder.remove() }
        try folder.write(manifest, Secrets())
        let name = "samovar-proxy"
        let arguments =
            [folder.manifest, "--event", recipient, "--listen", EventRequest.standardHost, "--region", region]
            + (proxySettings.map { ["--config", $0] } ?? [])
        do {
            let result = try await Subprocess.run(
                SiblingProgram.executable(name),
                arguments: Arguments(arguments),
                input: .array(request),
                output: .string(limit: 64 << 20),
                error: .string(limit: 1 << 20)
            )
            let note = result.standardError.split(separator: "\n").last.map(String.init) ?? ""
            guard result.terminationStatus == .exited(0) else {
                let reason = note.replacing("\(folder.manifest): ", with: "")
                throw CommandError(reason.hasPrefix("Error: ") ? String(reason.dropFirst(7)) : reason)
            }
            do { return (try JSONParser.parse(result.standardOutput).canonicalText, note) } catch {
                // An event that is no JSON by our stricter rules, such as one with large numbers, is passed on.
                return (result.standardOutput, note)
            }
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw CommandError(SiblingProgram.missing(name))
        }
    }
}
