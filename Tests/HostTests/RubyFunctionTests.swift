// Ruby functions: handlers of both forms, the context, and errors in the words of Lambda's runtime.

import JSON
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct RubyFunctionTests {
    private static let files = [
        "rb/app.rb": """
        require 'helper'
        require 'shared'

        $count = 0

        class Odd < StandardError; end

        def handler(event:, context:)
          $count += 1
          puts "stdout says #{event['n']}"
          raise Odd, 'no' if event['raise']
          nowhere if event['typo']
          { id: context.aws_request_id, name: context.function_name, left: context.get_remaining_time_in_millis,
            client: context.client_context, cwd: Dir.pwd, helper: HELPER, shared: SHARED, count: $count,
            text: "\u{e9}\u{e9}n" }
        end

        module Shop
          class Orders
            def self.list(event:, context:) = event['items'].map(&:upcase)
          end
        end
        """,
        "rb/helper.rb": "HELPER = 'beside'",
        "rb/vendor/bundle/ruby/3.1.0/specifications/shared-1.0.gemspec": """
        Gem::Specification.new { |s| s.name = 'shared'; s.version = '1.0'; s.summary = 's'; s.authors = ['a']; s.files = [] }
        """,
        "rb/vendor/bundle/ruby/3.1.0/gems/shared-1.0/lib/shared.rb": "SHARED = 'a gem'",
        "rb/broken.rb": "def handler(event:, context:\n",
        "rb/lacking.rb": "require 'no/such/thing'",
    ]

    private func withFunction(_ handler: String, _ body: (HostFixture) async throws -> Void) async throws {
        let function = #""F": {"runtime": "ruby3.3", "handler": "\#(handler)", "code": "rb"}"#
        try await HostFixture.withHost(function, files: Self.files, maximumProcesses: 1, body)
    }

    @Test func contextAndErrors() async throws {
        try await withFunction("app.handler") { fixture in
            let context = [("X-Amz-Client-Context", "eyJjdXN0b20iOnsia2V5IjoiXHUwMGU5In19")]
            let answer = try await fixture.invoke("F", #"{"n": 7}"#, headers: context)
            #expect(answer.functionError == nil, "\(answer.body)")
            #expect(answer.text("id") == answer.headers.first(name: "x-amzn-RequestId"))
            #expect(answer.text("name") == "F")
            #expect((1...3000).contains(answer.number("left") ?? 0))
            #expect(answer.json?["client"]?["custom"]?["key"]?.string == "\u{e9}")
            #expect(answer.text("cwd")?.hasSuffix("/rb") == true)
            #expect(answer.text("helper") == "beside")
            #expect(answer.text("shared") == "a gem")
            #expect(answer.text("text") == "\u{e9}\u{e9}n")
            #expect(try await eventually { fixture.log.count("stdout says 7") == 1 })

            let error = try await fixture.invoke("F", #"{"raise": true}"#)
            #expect(error.functionError == "Unhandled")
            #expect(error.text("errorType") == "Function<Odd>")
            #expect(error.text("errorMessage") == "no")
            let trace = error.json?["stackTrace"]?.array?.compactMap(\.string) ?? []
            #expect(trace.count == 1 && trace[0].contains("app.rb:11:in"), "\(trace)")
            // The process and its memory have outlived the error.
            #expect(try await fixture.invoke("F").number("count") == 3)
        }
    }

    @Test func wrongNamesEndTheProcess() async throws {
        try await withFunction("app.handler") { fixture in
            let error = try await fixture.invoke("F", #"{"typo": true}"#)
            #expect(error.text("errorType") == "Function<NameError>")
            #expect(error.text("errorMessage")?.contains("nowhere") == true)
            #expect(try await fixture.invoke("F").number("count") == 1)
        }
    }

    @Test func methodsOfClasses() async throws {
        try await withFunction("app.Shop::Orders.list") { fixture in
            let answer = try await fixture.invoke("F", #"{"items": ["tea"]}"#)
            #expect(answer.body == #"["TEA"]"#)
        }
    }

    @Test(arguments: [
        ("broken.handler", "Init<SyntaxError>", "broken.rb:"),
        ("lacking.handler", "Init<LoadError>", "no/such/thing"),
        ("gone.handler", "Init<LoadError>", "gone"),
        ("handler", "Init<ArgumentError>", "must be of form FILENAME.METHOD"),
        ("app.gone", "Function<NoMethodError>", "gone"),
        ("app.Gone.list", "Function<NameError>", "Gone"),
    ])
    func whatCannotBeCalled(handler: String, type: String, message: String) async throws {
        try await withFunction(handler) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == type)
            #expect(answer.text("errorMessage")?.contains(message) == true, "\(answer.body)")
        }
    }
}
