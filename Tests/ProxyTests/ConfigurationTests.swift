// The settings: the file with every default, the published schema and the reader say the same.

import Foundation
import JSON
import Manifest
import Operations
import Support
import Testing

@testable import Proxy

struct ConfigurationTests {
    private static let file = Golden.root.appending(path: "config/proxy.json")
    private static let schema = "config/proxy.schema.json"

    private static func settings() throws -> JSONValue { try JSONParser.parse(Data(contentsOf: file)) }

    /// Every value within a value, by the way there. Log sinks are told apart by which one it is; other objects hold no
    /// settings but the state of a plugin.
    private static func leaves(of value: Any, at path: String = "") -> [String: String] {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .class {
            return [path: value is LogSink ? "\(ObjectIdentifier(value as AnyObject))" : "\(type(of: value))"]
        }
        guard !mirror.children.isEmpty else { return [path: "\(value)"] }
        var leaves: [String: String] = [:]
        for (index, child) in mirror.children.enumerated() {
            leaves.merge(Self.leaves(of: child.value, at: "\(path)/\(child.label ?? "\(index)")")) { $1 }
        }
        return leaves
    }

    private static func names(_ value: Any) -> Set<String> {
        Set(Mirror(reflecting: value).children.compactMap(\.label))
    }

    private static func members(_ value: JSONValue?) -> Set<String> { Set(value?.object?.keys ?? []) }

    // MARK: The file

    @Test func fileHoldsTheDefaults() throws {
        var configuration = try ProxyConfiguration(parsing: Data(contentsOf: Self.file))
        let logs = LogSinks()
        let services = PluginServices(logs: logs)
        let plugins = try PluginOrder.make(configuration.plugins, services: services)
        let defaults = try PluginOrder.make(nil, services: services)
        #expect(Self.leaves(of: plugins) == Self.leaves(of: defaults))

        configuration.plugins = nil
        let leaves = Self.leaves(of: configuration)
        #expect(leaves.count >= 20)
        #expect(leaves == Self.leaves(of: ProxyConfiguration()))
    }

    /// A setting that is added to the type and not to the file fails here.
    @Test func fileHoldsEverySetting() throws {
        let settings = try Self.settings()
        let configuration = ProxyConfiguration()
        // Only the command line asks for that.
        #expect(Self.members(settings) == Self.names(configuration).subtracting(["waitsForDebuggers"]))
        #expect(Self.members(settings["limits"]) == Self.names(configuration.limits))
        #expect(
            Self.members(settings["timeouts"])
                == Set(Self.names(configuration.timeouts).map { "\($0)Milliseconds" })
        )
        #expect(Self.members(settings["plugins"]) == Set(PluginOrder.types.map { $0.name }))
    }

    /// Each number of the file reaches a place of its own.
    @Test func everyNumberIsRead() throws {
        let settings = try Self.settings()
        let defaults = try Self.decode(settings)
        var places: [String: String] = [:]
        for path in Self.numbers(in: settings) {
            let changed = try Self.decode(Self.changing(settings, at: path[...]))
            let difference = changed.filter { defaults[$0.key] != $0.value }.map(\.key)
            let name = path.joined(separator: "/")
            #expect(difference.count == 1, "\(name) changes \(difference)")
            if let place = difference.first {
                #expect(places.updateValue(name, forKey: place) == nil, "\(name) shares its place")
            }
        }
        #expect(places.count >= 15)
    }

    /// The leaves of the configuration and of the plugins that are made from it.
    private static func decode(_ settings: JSONValue) throws -> [String: String] {
        var configuration = try ProxyConfiguration(parsing: settings.canonicalText.utf8)
        let plugins = try PluginOrder.make(configuration.plugins, services: PluginServices(logs: LogSinks()))
        configuration.plugins = nil
        // The sinks of two are never the same.
        let leaves = Self.leaves(of: plugins, at: "/plugins").filter { !$0.value.hasPrefix("ObjectIdentifier") }
        return Self.leaves(of: configuration).merging(leaves) { $1 }
    }

    private static func numbers(in value: JSONValue) -> [[String]] {
        if value.integer != nil { return [[]] }
        return (value.object?.members ?? []).flatMap { key, value in numbers(in: value).map { [key] + $0 } }
    }

    private static func changing(_ value: JSONValue, at path: ArraySlice<String>) -> JSONValue {
        guard let key = path.first, var object = value.object else {
            // Some of the numbers are the largest that there may be.
            let number = value.integer ?? 0
            return .integer(number > 0 ? number - 1 : number + 1)
        }
        object[key] = object[key].map { changing($0, at: path.dropFirst()) }
        return .object(object)
    }

    // MARK: The schema

    @Test func schemaAllowsTheFile() throws {
        let verdict = try JSONSchema.validate([Self.file.path(percentEncoded: false)], against: Self.schema)
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    /// The schema describes exactly the members that the reader knows, with the defaults of the file.
    @Test func schemaHasTheMembersOfTheReader() throws {
        let schema = try JSONParser.parse(Data(contentsOf: Golden.root.appending(path: Self.schema)))
        let settings = try Self.settings()
        let places = ["", "limits", "timeouts", "routing", "defaultEndpoint", "plugins"]
        for place in places + PluginOrder.types.map({ "plugins/\($0.name)" }) {
            let path = place.split(separator: "/").map(String.init)
            var description = schema
            for name in path { description = try #require(description["properties"]?[name], "\(place)") }
            if let reference = description["$ref"]?.string {
                let name = String(reference.dropFirst("#/$defs/".count))
                description = try #require(schema["$defs"]?[name])
            }
            #expect(description["additionalProperties"] == false, "\(place)")
            #expect(
                Self.members(description["properties"]) == (try Self.known(at: path, in: settings)),
                "\(place)"
            )
            for (name, member) in description["properties"]?.object?.members ?? [] {
                #expect(member["description"]?.string != nil, "\(place)/\(name) is not described")
                guard let value = member["default"] else { continue }
                let written = (path + [name]).reduce(Optional(settings)) { $0?[$1] }
                #expect(value == written, "\(place)/\(name) has another default in the file")
            }
        }
    }

    /// The names that the reader lists when it meets one that it does not know.
    private static func known(at path: [String], in settings: JSONValue) throws -> Set<String> {
        let changed = inserting(in: settings, at: path[...])
        let error = try #require(throws: (any Error).self) {
            let configuration = try ProxyConfiguration(parsing: changed.canonicalText.utf8)
            _ = try PluginOrder.make(configuration.plugins, services: PluginServices(logs: LogSinks()))
        }
        let text = "\(error)"
        let pointer = (path + ["no-such-member"]).map { "/\($0)" }.joined()
        #expect(text.hasPrefix("at \(pointer): unknown member 'no-such-member'"), "\(text)")
        let list = text.split(separator: "known here: ").dropFirst().first ?? ""
        return Set(list.split(separator: ", ").map { String($0.dropFirst().dropLast()) }.filter { !$0.isEmpty })
    }

    private static func inserting(in value: JSONValue, at path: ArraySlice<String>) -> JSONValue {
        var object = value.object ?? JSONObject()
        if let key = path.first {
            object[key] = inserting(in: object[key] ?? .object(JSONObject()), at: path.dropFirst())
        } else {
            object["no-such-member"] = 1
        }
        return .object(object)
    }

    // MARK: The manual

    /// The manual page has every setting with its default, and the range of every number that has one of its own.
    @Test func manualHasEverySetting() throws {
        let page = try String(
            contentsOf: Golden.root.appending(path: "man/samovar-proxy.json.5"),
            encoding: .utf8
        ).split(separator: "\n")
        let schema = try JSONParser.parse(Data(contentsOf: Golden.root.appending(path: Self.schema)))
        let members = Self.describedMembers(of: schema)
        #expect(members.count >= 27)
        for (name, description) in members where name != "$schema" {
            let line = try #require(page.first { $0.hasPrefix(".It Cm \(name) No (") }, "'\(name)' is not described")
            guard let number = description["default"]?.integer else { continue }
            #expect(line.hasSuffix("default \(number))"), "\(line)")
            if let least = description["minimum"]?.integer, let most = description["maximum"]?.integer {
                #expect(line.contains(", \(least) to \(most), "), "\(line)")
            }
        }
        for variable in ContextVariable.Name.allCases {
            let line = ".Ql $context.\(variable.rawValue)"
            #expect(page.contains { $0 == line || $0 == "\(line) ," }, "\(line)")
        }
    }

    private static func describedMembers(of value: JSONValue) -> [(name: String, description: JSONValue)] {
        (value.object?.members ?? []).flatMap { key, value in
            let own = key == "properties" ? (value.object?.members ?? []).map { (name: $0.0, description: $0.1) } : []
            return own + describedMembers(of: value)
        }
    }

    // MARK: Faults

    static let faults: [(text: String, pointer: String, message: String)] = [
        (#"{"port": 1}"#, "/port", "unknown member 'port'"),
        (#"{"listen": 8080}"#, "/listen", "expected a string, found an integer"),
        (#"{"listen": "8080"}"#, "/listen", "expected 'host:port'"),
        (#"{"listen": "localhost:"}"#, "/listen", "expected 'host:port'"),
        (#"{"listen": ":8080"}"#, "/listen", "expected 'host:port'"),
        (#"{"listen": "localhost:+80"}"#, "/listen", "expected 'host:port'"),
        (#"{"listen": "localhost:65536"}"#, "/listen", "expected 'host:port'"),
        (#"{"listen": null}"#, "/listen", "expected a string, found null"),
        (#"{"admin": false}"#, "/admin", "expected a string, found a boolean"),
        (#"{"eventLoops": -1}"#, "/eventLoops", "-1 is out of range: 0 to 256"),
        (#"{"eventLoops": 1.5}"#, "/eventLoops", "expected an integer, found a number"),
        (#"{"connections": 0}"#, "/connections", "0 is out of range"),
        (#"{"upstreamConnections": "8"}"#, "/upstreamConnections", "expected an integer, found a string"),
        (#"{"limits": []}"#, "/limits", "expected an object, found an array"),
        (#"{"limits": {"headBytes": 1023}}"#, "/limits/headBytes", "1023 is out of range: 1024 to 1048576"),
        (#"{"limits": {"requestLineBytes": 65537}}"#, "/limits/requestLineBytes", "65537 is out of range"),
        (#"{"limits": {"fieldCount": 7}}"#, "/limits/fieldCount", "7 is out of range"),
        (#"{"limits": {"bodyBytes": 7}}"#, "/limits/bodyBytes", "unknown member 'bodyBytes'"),
        (#"{"timeouts": {"head": 7}}"#, "/timeouts/head", "unknown member 'head'"),
        (#"{"timeouts": {"headMilliseconds": 9}}"#, "/timeouts/headMilliseconds", "9 is out of range"),
        (#"{"timeouts": {"graceMilliseconds": -1}}"#, "/timeouts/graceMilliseconds", "-1 is out of range"),
        (#"{"region": "US East"}"#, "/region", "expected the name of a region"),
        (#"{"region": 1}"#, "/region", "expected a string, found an integer"),
        (#"{"conditionKeys": {"aws:SourceVpc": 1}}"#, "/conditionKeys/aws:SourceVpc", "expected a string"),
        (#"{"conditionKeys": {"a/b": [1]}}"#, "/conditionKeys/a~1b/0", "expected a string"),
        (#"{"defaultEndpoint": "http://h"}"#, "/defaultEndpoint", "expected an object, found a string"),
        (#"{"defaultEndpoint": {}}"#, "/defaultEndpoint", "'url' is missing"),
        (#"{"endpoints": {"A/B": {"url": "h"}}}"#, "/endpoints/A~1B/url", "'h' is no address"),
        (#"{"endpoints": {"A": {"url": "ftp://h"}}}"#, "/endpoints/A/url", "is no address of the form"),
        (#"{"endpoints": {"A": {"url": "http://h", "protocol": "ftp"}}}"#, "/endpoints/A/protocol", "expected one of"),
        (#"{"plugins": null}"#, "/plugins", "expected an object, found null"),
        (#"{"plugins": {"gzip": {}}}"#, "/plugins/gzip", "unknown member 'gzip'"),
        (#"{"plugins": {"cors": {"x": 1}}}"#, "/plugins/cors/x", "unknown member 'x'"),
        (#"{"disableAuthorizers": 1}"#, "/disableAuthorizers", "expected true or false"),
        (#"{"exposeWithoutAuthorizers": "yes"}"#, "/exposeWithoutAuthorizers", "expected true or false"),
        (
            #"{"plugins": {"lambdaAuthorizer": {"cachedResults": -1}}}"#, "/plugins/lambdaAuthorizer/cachedResults",
            "-1 is out of range"
        ),
        (#"{"plugins": {"forwardAuth": {"url": 1}}}"#, "/plugins/forwardAuth/url", "expected a string"),
        (#"{"plugins": {"forwardAuth": {"url": "h"}}}"#, "/plugins/forwardAuth/url", "'h' is no address"),
        (
            #"{"plugins": {"forwardAuth": {"responseHeaders": ["*"]}}}"#, "/plugins/forwardAuth/responseHeaders",
            "each field is named here"
        ),
        (
            #"{"plugins": {"forwardAuth": {"requestHeaders": ["a b"]}}}"#, "/plugins/forwardAuth/requestHeaders/0",
            "'a b' is no name of a field"
        ),
        (
            #"{"plugins": {"forwardAuth": {"responseHeaders": ["Content-Length"]}}}"#,
            "/plugins/forwardAuth/responseHeaders/0", "'content-length' cannot be set by an answer"
        ),
        (#"{"plugins": {"metrics": {"enabled": 1}}}"#, "/plugins/metrics/enabled", "expected true or false"),
        (#"{"plugins": {"accessLog": {"format": 1}}}"#, "/plugins/accessLog/format", "expected a string"),
        (#"{"plugins": {"accessLog": {"format": "$context.x"}}}"#, "/plugins/accessLog/format", "'$context.x'"),
        (
            #"{"plugins": {"accessLog": {"destination": "/no/such/folder/log"}}}"#,
            "/plugins/accessLog/destination", "No such file or directory"
        ),
    ]

    @Test(arguments: faults.indices)
    func faultsAreToldWithTheirPlace(_ index: Int) throws {
        let fault = Self.faults[index]
        let error = try #require(throws: (any Error).self, "\(fault.text)") {
            let configuration = try ProxyConfiguration(parsing: fault.text.utf8)
            _ = try PluginOrder.make(configuration.plugins, services: PluginServices(logs: LogSinks()))
        }
        #expect("\(error)".hasPrefix("at \(fault.pointer): "), "\(error)")
        #expect("\(error)".contains(fault.message), "\(error)")
    }

    /// What the reader refuses for its shape, the schema refuses too.
    @Test func schemaRefusesWhatTheReaderRefuses() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [String] = []
        for (index, fault) in Self.faults.enumerated() {
            // That a port is at most 65535, a variable is known or a folder exists is more than a shape.
            if ["65536", "$context", "/no/such", "Content-Length"].contains(where: fault.text.contains) { continue }
            let file = folder.appending(path: "\(index)-.json")
            try Data(fault.text.utf8).write(to: file)
            files.append(file.path(percentEncoded: false))
        }
        let verdict = try JSONSchema.validate(files, against: Self.schema)
        #expect(verdict.status == 1, "\(verdict.output)")
        for file in files { #expect(verdict.output.contains(file), "the schema allows \(file)") }
    }

    @Test func syntaxIsToldWithLineAndColumn() throws {
        let error = try #require(throws: ManifestError.self) {
            try ProxyConfiguration(parsing: "{\n  \"listen\": \"a:1\",\n}".utf8)
        }
        #expect("\(error)".contains("3"), "\(error)")
        #expect(throws: ManifestError.self) { try ProxyConfiguration(parsing: "".utf8) }
        #expect(throws: ManifestError.self) { try ProxyConfiguration(parsing: "[]".utf8) }
        #expect(throws: ManifestError.self) {
            try ProxyConfiguration(parsing: #"{"connections":1,"connections":2}"#.utf8)
        }
    }

    @Test func addressesAreReadAsTheyAreWritten() {
        for text in ["127.0.0.1:0", "localhost:8080", "[::1]:443", "gateway.internal:65535"] {
            #expect(ProxyConfiguration.Address(text)?.description == text)
        }
        for text in ["", ":", "a", "a:", "a:-1", "a:+1", "a:65536", "[]:1", "[::1]", "::1:80", "a b:1", "[::1:80"] {
            #expect(ProxyConfiguration.Address(text) == nil, "\(text)")
        }
    }
}
