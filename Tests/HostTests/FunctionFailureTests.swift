// What the log says of failures that runtimes report in their own words.

import Testing

@testable import Host

struct FunctionFailureTests {
    @Test(arguments: [
        (#"{"errorMessage": "no", "errorType": "E", "stackTrace": ["a", "b"]}"#, "E: no"),
        (#"{"errorMessage": "no"}"#, "Runtime.Unknown: no"),
        (#"{"errorMessage": "no", "errorType": ""}"#, "Runtime.Unknown: no"),
        (#"{"errorMessage": 1, "errorType": "E"}"#, #"{"errorMessage": 1, "errorType": "E"}"#),
        (#"{"errorMessage": "no", "errorType": "E", "trace": ["file:///a.mjs:2", "x"]}"#, "E: no (file:///a.mjs:2)"),
        (
            #"{"errorMessage": "no", "errorType": "E", "trace": ["E: no", "    at f (/a.js:1:2)"]}"#,
            "E: no (f (/a.js:1:2))"
        ),
        ("broken", "broken"), ("", ""),
    ])
    func theReasonOfWhatWasReported(payload: String, reason: String) {
        #expect(FunctionFailure.reported(payload: payload).reason == reason)
    }

    @Test func whatIsLongerThanErrorsAreIsCut() {
        let message = String(repeating: "x", count: 70_000)
        let failure = FunctionFailure.reported(payload: #"{"errorType": "E", "errorMessage": "\#(message)"}"#)
        #expect(failure.reason.count == 1000)
        #expect(failure.status == .error(type: "Runtime.Unknown"))
    }
}
