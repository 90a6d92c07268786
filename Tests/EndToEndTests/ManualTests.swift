// The manual pages describe every command, every option, and every member of the manifest.

import Foundation
import JSON
import Subprocess
import Testing

struct ManualTests {
    @Test(arguments: ["samovar", "samovar-host", "samovar-proxy"])
    func pagesHaveEveryOption(_ program: String) async throws {
        let result = try await run(
            .path(Program.path(program)),
            arguments: ["--experimental-dump-help"],
            output: .string(limit: 1 << 20)
        )
        let help = try JSONParser.parse(result.standardOutput)
        let command = try #require(help["command"])
        try checkOptions(of: command, page: program)
        for subcommand in command["subcommands"]?.array ?? [] {
            let name = try #require(subcommand["commandName"]?.string)
            let isHidden = subcommand["shouldDisplay"]?.boolean == false
            if name != "help", !isHidden { try checkOptions(of: subcommand, page: "\(program)-\(name)") }
        }
    }

    private func isProgram(_ page: String) -> Bool { page == "samovar-host" || page == "samovar-proxy" }

    private func checkOptions(of command: JSONValue, page: String) throws {
        let text =
            try page.hasPrefix("samovar-host") || page.hasPrefix("samovar-proxy")
            ? Self.text(of: "\(page).8")
            : Self.text(of: "\(page).1")
        // What belongs to a command stands on its page.
        for subcommand in command["subcommands"]?.array ?? [] where page.contains("-") && !isProgram(page) {
            try checkOptions(of: subcommand, page: page)
        }
        for argument in command["arguments"]?.array ?? [] where argument["kind"]?.string != "positional" {
            for name in argument["names"]?.array ?? [] {
                let word = try #require(name["name"]?.string)
                // Every command has --help and --version; -ii is SAM CLI's odd spelling of a Docker option.
                if ["help", "h", "version", "ii"].contains(word) { continue }
                let spelling = name["kind"]?.string == "short" ? "Fl \(word) " : "Fl -\(word) "
                #expect("\(text) ".contains(spelling), "\(page) does not describe '\(word)'")
            }
        }
    }

    @Test func manifestPageHasEveryMember() throws {
        let schema = try JSONParser.parse(
            Data(contentsOf: Self.root.appending(path: "config/manifest.schema.json"))
        )
        let members = Self.propertyNames(in: schema)
        #expect(members.count > 20)
        let text = try Self.text(of: "samovar-manifest.5")
        for member in members { #expect(text.contains("Cm \(member) "), "the page does not describe '\(member)'") }
    }

    @Test func listsAndDisplaysOfPagesEnd() throws {
        let folder = Self.root.appending(path: "man").path
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(pages.count > 5)
        for page in pages {
            let macros = try Self.text(of: page).split(separator: "\n").map { $0.prefix(3) }
            for (start, end) in [(".Bl", ".El"), (".Bd", ".Ed")] {
                let starts = macros.count { $0 == start }
                let ends = macros.count { $0 == end }
                #expect(starts == ends, "\(page) has \(starts) times '\(start)' and \(ends) times '\(end)'")
            }
        }
    }

    private static let root = ExampleCopy.original.deletingLastPathComponent().deletingLastPathComponent()

    /// The source of a page, each line with a space at its end, so that words can be told from their beginnings.
    private static func text(of page: String) throws -> String {
        try String(contentsOf: root.appending(path: "man/\(page)"), encoding: .utf8).replacing("\n", with: " \n")
    }

    private static func propertyNames(in schema: JSONValue) -> Set<String> {
        var names: Set<String> = []
        for (key, value) in schema.object?.members ?? [] {
            if key == "properties" { names.formUnion((value.object?.members ?? []).map(\.0)) }
            names.formUnion(propertyNames(in: value))
        }
        for element in schema.array ?? [] { names.formUnion(propertyNames(in: element)) }
        return names
    }
}
