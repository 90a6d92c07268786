// Node.js functions, of both module systems and all three ways to answer.

import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct NodeFunctionTests {
    private static let files = [
        "js/module.mjs": """
        export const handler = async (event, context) => {
          console.log('stdout says', event.n);
          if (event.raise) throw new TypeError('no');
          if (event.reject) { Promise.reject(new Error('lost')); await new Promise(() => {}); }
          return { id: context.awsRequestId, name: context.functionName, left: context.getRemainingTimeInMillis(), cwd: process.cwd() };
        };
        """,
        "js/common.js": """
        const local = require('./local');
        exports.callback = (event, context, callback) => { setTimeout(() => callback(null, local.value), 5); };
        exports.callbackError = (event, context, callback) => callback(new RangeError('called back'));
        exports.promise = () => Promise.resolve('promised');
        exports.nothing = () => {};
        exports.nested = { inner: async () => 'nested' };
        exports.circular = async () => { const a = {}; a.a = a; return a; };
        """,
        "js/local.js": "module.exports = { value: 'local' };",
        "esm/package.json": #"{"type": "module"}"#,
        "esm/app.js": "import { value } from './value.js'; export async function handler() { return value; }",
        "esm/value.js": "export const value = 'esm';",
        "js/stream.mjs": """
        export const handler = awslambda.streamifyResponse(async (event, stream) => {
          stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
          if (event.early) throw new RangeError('early');
          stream.write('one ');
          if (event.late) throw new RangeError('late');
          stream.end('two');
        });
        """,
        "js/syntax.js": "const = 1;",
        "js/failing.js": "throw new Error('at load');",
    ]

    private func withFunction(
        _ handler: String,
        code: String = "js",
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        let function = #""F": {"runtime": "nodejs20.x", "handler": "\#(handler)", "code": "\#(code)"}"#
        try await HostFixture.withHost(function, files: Self.files, body)
    }

    @Test func contextAndErrors() async throws {
        try await withFunction("module.handler") { fixture in
            let answer = try await fixture.invoke("F", #"{"n": 7}"#)
            #expect(answer.functionError == nil)
            #expect(answer.text("id") == answer.headers.first(name: "x-amzn-RequestId"))
            #expect(answer.text("name") == "F")
            #expect(answer.text("cwd")?.hasSuffix("/js") == true)
            let line = "\t\(answer.text("id") ?? "")\tINFO\tstdout says 7"
            #expect(try await eventually { fixture.log.lines.contains { $0.message.hasSuffix(line) } })

            let error = try await fixture.invoke("F", #"{"raise": true}"#)
            #expect(error.functionError == "Unhandled")
            #expect(error.text("errorType") == "TypeError")
            #expect(error.text("errorMessage") == "no")
            #expect(error.json?["trace"]?.array?.first == "TypeError: no")

            let rejection = try await fixture.invoke("F", #"{"reject": true}"#)
            #expect(rejection.text("errorType") == "Runtime.UnhandledPromiseRejection")
            #expect(rejection.text("errorMessage") == "Error: lost")
            #expect(try await fixture.invoke("F").functionError == nil)
        }
    }

    @Test(arguments: [
        ("common.callback", "\"local\""), ("common.promise", "\"promised\""), ("common.nothing", "null"),
        ("common.nested.inner", "\"nested\""),
    ])
    func commonJS(handler: String, body: String) async throws {
        try await withFunction(handler) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.body == body)
            #expect(answer.functionError == nil)
            #expect(try await fixture.invoke("F").body == body)
        }
    }

    @Test func packageOfModules() async throws {
        try await withFunction("app.handler", code: "esm") { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.body == "\"esm\"")
        }
    }

    @Test(arguments: [
        ("common.callbackError", "RangeError", "called back"),
        ("common.missing", "Runtime.HandlerNotFound", "common.missing is undefined or not exported"),
        ("common", "Runtime.MalformedHandlerName", "Bad handler"),
        ("failing.handler", "Error", "at load"),
        ("syntax.handler", "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected token '='"),
    ])
    func errors(handler: String, type: String, message: String) async throws {
        try await withFunction(handler) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == type)
            #expect(answer.text("errorMessage") == message)
        }
    }

    @Test func missingModuleAndMarshalling() async throws {
        try await withFunction("absent.handler") { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.text("errorType") == "Runtime.ImportModuleError")
            #expect(answer.text("errorMessage")?.contains("Cannot find module 'absent'") == true)
        }
        try await withFunction("common.circular") { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.text("errorType") == "Error")
            #expect(answer.text("errorMessage") == "Unable to stringify response body")
        }
    }

    @Test func streaming() async throws {
        try await withFunction("stream.handler") { fixture in
            func stream(_ event: String) async throws -> EventStreamReader {
                let path = "/2021-11-15/functions/F/response-streaming-invocations"
                return try EventStreamReader(try await fixture.send(.POST, path, body: ByteBuffer(string: event)).bytes)
            }
            let body = #"{"statusCode":201}"# + String(repeating: "\0", count: 8) + "one "
            let whole = try await stream("{}")
            #expect(whole.payload == body + "two")
            #expect(whole.complete?.object?.isEmpty == true)
            let late = try await stream(#"{"late": 1}"#)
            #expect(late.payload == body)
            #expect(late.complete?["ErrorCode"] == "RangeError")
            let early = try await fixture.invoke("F", #"{"early": 1}"#)
            #expect(early.functionError == "Unhandled")
            #expect(early.text("errorMessage") == "early")
            #expect(try await stream("{}").payload == body + "two")
        }
    }
}
