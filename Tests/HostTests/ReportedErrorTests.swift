// What the host says of errors that runtimes report, which are the functions' own.

import Testing

@testable import Host

@Suite struct ReportedErrorTests {
    @Test(arguments: [
        (
            #"{"errorMessage": "No module named 'x'", "errorType": "Runtime.ImportModuleError", "stackTrace": []}"#,
            "Runtime.ImportModuleError: No module named 'x'"
        ),
        (
            #"{"errorMessage": "a\nb", "errorType": "KeyError", "stackTrace": ["  File \"/f/app.py\", line 1\n    x\n","#
                + #" "  File \"/f/lib.py\", line 3, in g\n    y\n"]}"#,
            #"KeyError: a (File "/f/lib.py", line 3, in g)"#
        ),
        (
            #"{"errorType": "Runtime.UserCodeSyntaxError", "errorMessage": "SyntaxError: Unexpected token ';'","#
                + #" "trace": ["file:///f/index.mjs:3", "  return (;", "SyntaxError: Unexpected token ';'"]}"#,
            "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token ';' (file:///f/index.mjs:3)"
        ),
        (
            #"{"errorType": "ReferenceError", "errorMessage": "y is not defined: 1","#
                + #" "trace": ["ReferenceError: y is not defined: 1", "    at Object.<anonymous> (/f/index.js:2:1)"]}"#,
            "ReferenceError: y is not defined: 1 (Object.<anonymous> (/f/index.js:2:1))"
        ),
        (
            #"{"errorType": "Error", "errorMessage": "m", "trace": ["Error: m", "    at f (/t/bootstrap.mjs:3:59)"]}"#,
            "Error: m"
        ),
        (
            #"{"errorMessage": "m", "errorType": "Init<LoadError>", "stackTrace": ["<internal:/k.rb>:85:in `require'","#
                + #" "/f/app.rb:3:in `<top (required)>'"]}"#,
            "Init<LoadError>: m (/f/app.rb:3:in `<top (required)>')"
        ),
        (#"{"errorType": 7, "errorMessage": "", "stackTrace": [1, {}]}"#, "Runtime.Unknown"),
        ("no JSON", "no JSON"), (#"["errorType"]"#, #"["errorType"]"#), ("", ""),
    ])
    func summary(payload: String, expected: String) {
        #expect(ReportedError(payload: payload).summary == expected)
        #expect(FunctionFailure.reported(payload: payload).reason == expected)
    }

    @Test func noLineIsLongerThanPeopleRead() {
        let long = String(repeating: "x", count: 5000)
        let payload = #"{"errorType": "E", "errorMessage": "\#(long)", "stackTrace": ["/\#(long)"]}"#
        #expect(ReportedError(payload: payload).summary.count < 2100)
        let endless = #"{"errorType": "E", "errorMessage": "\#(String(repeating: long, count: 14))"}"#
        #expect(ReportedError(payload: endless).summary == endless.prefix(1000))
    }
}
