// Functions whose code stands in the manifest, and functions whose code is elsewhere.

import Foundation
import Manifest
import Testing

@testable import Host

@Suite(.serialized) struct InlineCodeTests {
    @Test(arguments: [
        ("python3.12", #"import os\ndef handler(event, context):\n    return os.environ['WORD'] + event['end']"#),
        ("nodejs20.x", "exports.handler = async (event) => process.env.WORD + event.end;"),
        ("nodejs20.x", "export const handler = async (event) => process.env.WORD + event.end;"),
    ])
    func runs(_ runtime: String, _ code: String) async throws {
        let function = """
            "F": {"runtime": "\(runtime)", "handler": "index.handler", "inlineCode": "\(code)",
                "environment": {"WORD": "in"}}
            """
        try await HostFixture.withHost(function, files: [:]) { fixture in
            let answer = try await fixture.invoke("F", #"{"end": "line"}"#)
            #expect(answer.functionError == nil)
            #expect(answer.body == #""inline""#)
        }
    }

    @Test func newCodeTakesThePlaceOfOld() async throws {
        func function(_ word: String) -> String {
            """
            "F": {"runtime": "python3.12", "handler": "index.handler",
                "inlineCode": "def handler(event, context):\\n    return '\(word)'"}
            """
        }
        try await HostFixture.withHost(function("old"), files: [:]) { fixture in
            #expect(try await fixture.invoke("F").body == #""old""#)
            try HostFixture.write(HostFixture.manifest(function("new")), to: "\(fixture.directory)/routes.json")
            #expect(await fixture.host.reload())
            #expect(try await fixture.invoke("F").body == #""new""#)
        }
    }

    @Test func leavesNothingBehind() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "inline-\(UUID())").path()
        let files = InlineCodeFiles(directory: root)
        var function = Function()
        function.runtime = "python3.12"
        function.inlineCode = "pass"
        let definition = FunctionDefinition(id: "Child/F", function: function, secrets: [:], codeRoot: "/")
        let placed = try files.place(["Child/F": definition])
        let directory = try #require(placed["Child/F"]?.codeDirectory)
        #expect(try String(contentsOfFile: "\(directory)/index.py", encoding: .utf8) == "pass")
        // The same code has its folder already.
        let again = try files.place(["Child/F": definition])
        #expect(again == placed)
        Folder.remove(root)
        #expect(!FileManager.default.fileExists(atPath: root))
    }

    @Test(arguments: [
        (#""image": {"uri": "example"}"#, "is a container image"),
        (#""runtime": "python3.12", "handler": "app.handler""#, "is not on this machine"),
        (#""runtime": "provided.al2023", "handler": "a", "inlineCode": "x""#, "'provided.al2023' cannot run"),
    ])
    func saysWhyItDoesNotRun(_ members: String, _ reason: String) async throws {
        try await HostFixture.withHost("\"F\": {\(members)}", files: [:]) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.functionError != nil)
            #expect(answer.body.contains(reason))
        }
    }
}
