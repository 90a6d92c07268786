// What else comes from beside the template: overridden parameters and the file of endpoints.

import Compiler
import Diagnostics
import Manifest
import Testing

struct ParameterOverridesTests {
    @Test(
        arguments: [
            (["A=1"], ["A": "1"]),
            (["A=1 B=2", "C=3"], ["A": "1", "B": "2", "C": "3"]),
            (["ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=x=y,z"], ["A": "1", "B": "x=y,z"]),
            (["ParameterKey=A,ParameterValue=\"a b\" B=2"], ["A": "a b", "B": "2"]),
            (["A=\"a \\\"b\\\" \\\\ c\\d\" B='x y'"], ["A": "a \"b\" \\ c\\d", "B": "x y"]),
            (["\"A=a b\" B=2"], ["A": "a b", "B": "2"]),
            (["A={\"a\":1}"], ["A": "{\"a\":1}"]),
            (["A= B=\"\" ParameterKey=C,ParameterValue="], ["A": "", "B": "", "C": ""]),
            (["A=1", "A=2"], ["A": "2"]),
            (["  "], [:]),
            ([], [:]),
        ]
    )
    func reads(_ arguments: [String], _ expected: [String: String]) throws {
        #expect(try ParameterOverrides.parse(arguments) == expected)
    }

    @Test(
        arguments: [
            ("A", "'A' is not of the form 'NAME=VALUE'"),
            ("A=a b", "'b' is not of the form 'NAME=VALUE'; a value with spaces needs quotes"),
            ("=1", "'=1' is not of the form"),
            ("ParameterKey=A", "'ParameterKey=A' is not of the form 'ParameterKey=NAME,ParameterValue=VALUE'"),
            ("ParameterKey=A,Value=1", "'ParameterKey=A,Value=1' is not of the form"),
            ("ParameterValue=1,ParameterKey=A,ParameterKey", ""),
            ("A=\"1", "the quotes of '\"1' are not closed"),
            ("A=\"1\"2", "the quotes of '\"1\"2' are not closed, or text follows"),
            ("\"A=1", "are not closed"),
            ("file://parameters.json", "files of parameters are not supported"),
        ].filter { !$0.1.isEmpty }
    )
    func refuses(_ argument: String, _ expected: String) {
        let error = #expect(throws: ParameterOverridesError.self) { try ParameterOverrides.parse([argument]) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
}

struct EndpointsFileTests {
    private func overlay(_ text: String) -> (Manifest, [String]) {
        var diagnostics = DiagnosticCollector()
        var manifest = Manifest(functions: ["Ratings": Function(), "Hello": Function()])
        EndpointsFile.parse(Array(text.utf8), file: "endpoints.json", into: &diagnostics)?
            .overlay(on: &manifest, into: &diagnostics)
        return (manifest, diagnostics.sorted.map(\.summary))
    }

    @Test func setsEndpoints() {
        let text =
            #"{"Ratings": {"protocol": "http", "url": "http://10.0.0.1:8080"}, "Hello": {"url": "http://127.0.0.1:3001"}}"#
        let (manifest, said) = overlay(text)
        #expect(said == [])
        #expect(manifest.functions["Ratings"]?.endpoint == Endpoint(wire: .http, host: "10.0.0.1", port: 8080))
        // The default is not written down.
        #expect(manifest.functions["Hello"]?.endpoint == nil)
    }

    @Test(
        arguments: [
            (
                #"{"Rating": {"url": "http://h:1"}}"#,
                "1:2 endpoints-file: the template has no function 'Rating'; did you mean 'Ratings'?"
            ),
            (
                #"{"Ratings": {"url": "h:1"}}"#,
                "1:21 endpoints-file: 'h:1' is no address of the form 'http://host:port'"
            ),
            (#"{"Ratings": {}}"#, "1:13 endpoints-file: 'url' is missing"),
            (
                #"{"Ratings": {"url": "http://h:1", "a/b": 1}}"#,
                "1:42 endpoints-file: unknown member 'a/b'; known here: 'protocol', 'url'"
            ),
            (#"{"Ratings": "http://h:1"}"#, "1:13 endpoints-file: expected an object, found a string"),
            (
                #"{"Ratings": {"url": "http://h:1"},}"#,
                "1:34 endpoints-file: JSON has no comma after the last member; remove it"
            ),
            ("[]", "1:1 endpoints-file: a file of endpoints is an object, not an array"),
        ]
    )
    func refuses(_ text: String, _ expected: String) {
        let (manifest, said) = overlay(text)
        #expect(said == [expected])
        #expect(manifest.functions.values.allSatisfy { $0.endpoint == nil })
    }
}
