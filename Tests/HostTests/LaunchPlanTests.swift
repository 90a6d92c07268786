// The words that Java and .NET functions are started with, and what is said where their code lacks something.

import Foundation
import Manifest
import Testing

@testable import Host

@Suite(.serialized) struct LaunchPlanTests {
    private static let client = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"

    @Test func javaClassPathIsInLambdasOrder() async throws {
        try await HostFixture.withDirectory { directory in
            for path in [
                "code/lib/b.jar", "code/lib/a.jar", "code/lib/notes.txt", "upper/java/lib/c.jar",
                "lower/java/lib/a.jar",
                "code/lib/aws-lambda-java-runtime-interface-client-2.6.0-linux-x86_64.jar",
            ] { try HostFixture.write("", to: "\(directory)/\(path)") }
            let code = JavaCode(directory: "\(directory)/code", layers: ["\(directory)/upper", "\(directory)/lower"])
            let arguments = try code.arguments(function: "F", handler: "shop.Orders::handle")
            let classPath = [
                "code", "code/lib/a.jar", "code/lib/aws-lambda-java-runtime-interface-client-2.6.0-linux-x86_64.jar",
                "code/lib/b.jar", "upper/java/lib/c.jar", "lower/java/lib/a.jar",
            ]
            let paths = classPath.map { "\(directory)/\($0)" }.joined(separator: ":")
            #expect(arguments == ["-cp", paths, Self.client, "shop.Orders::handle"])
        }
    }

    @Test func javaClientMayBeUnpackedAmongTheClasses() async throws {
        try await HostFixture.withDirectory { directory in
            let path = Self.client.replacingOccurrences(of: ".", with: "/")
            try HostFixture.write("", to: "\(directory)/\(path).class")
            let arguments = try JavaCode(directory: directory, layers: []).arguments(function: "F", handler: "a.B")
            #expect(arguments == ["-cp", directory, Self.client, "a.B"])
        }
    }

    @Test(arguments: [
        ("java17", "a.B::c", [:], "'com.amazonaws:aws-lambda-java-runtime-interface-client'"),
        ("java17", "a.B::c", ["pom.xml": ""], "its folder holds 'pom.xml' and no classes"),
        ("dotnet8", "Shop", [:], "'Shop.dll' is not there"),
        ("dotnet8", "Shop::Shop.Orders::List", [:], "'dotnet publish'"),
        ("dotnet8", "Shop::Shop.Orders::List", ["Shop.deps.json": ""], "'GenerateRuntimeConfigurationFiles'"),
        (
            "dotnet8", "Shop::Shop.Orders::List", ["Shop.deps.json": "", "Shop.runtimeconfig.json": ""],
            "'dotnet add package Amazon.Lambda.RuntimeSupport'"
        ),
    ])
    func whatABuildLacksIsSaid(runtime: String, handler: String, files: [String: String], message: String) async throws
    {
        let function = #""F": {"runtime": "\#(runtime)", "handler": "\#(handler)", "code": "code"}"#
        var all = ["code/readme": "", "bin/dotnet": Self.fakeDotnet, "bin/java": "", "release": "JAVA_VERSION=\"17\""]
        for (name, text) in files { all["code/\(name)"] = text }
        try await HostFixture.withHost(function, files: all, programs: ["bin/dotnet", "bin/java"]) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.text("errorType") == "Runtime.InvalidEntrypoint")
            let text = answer.text("errorMessage")?.replacingOccurrences(of: "\(fixture.directory)/code/", with: "")
            #expect(text?.contains(message) == true, "\(answer.body)")
        }
    }

    @Test(arguments: [("app.ts", 1), ("app.mts", 1), ("app.js", 0), ("other.ts", 0)])
    func typeScriptWantsABuild(file: String, warnings: Int) async throws {
        let function = #""F": {"runtime": "nodejs20.x", "handler": "src/app.handler", "code": "code"}"#
        let other = #""G": {"runtime": "go1.x", "handler": "x", "code": "code"}"#
        let files = ["code/src/\(file)": "exports.handler = async () => 1\n"]
        try await HostFixture.withHost("\(function), \(other)", files: files) { fixture in
            let isSaid: () -> Int = {
                fixture.log.lines.count {
                    $0.message == "function has not been built"
                        && $0.metadata["reason"]?.contains("'src/\(file)'") == true
                }
            }
            if warnings > 0 { #expect(try await eventually { isSaid() == warnings }) }
            _ = try await fixture.invoke("F")
            #expect(isSaid() == warnings)
        }
    }

    /// A `dotnet` with one version that answers every event with the words that it was started with.
    private static let fakeDotnet = """
        #!/usr/bin/env python3
        import http.client, json, os, sys
        if sys.argv[1] == "--list-runtimes":
            print("Microsoft.NETCore.App 8.0.11 [/usr/lib/dotnet/shared/Microsoft.NETCore.App]")
            sys.exit()
        connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        while True:
            connection.request("GET", "/2018-06-01/runtime/invocation/next")
            answer = connection.getresponse()
            answer.read()
            request = answer.headers["Lambda-Runtime-Aws-Request-Id"]
            words = [word.replace(os.getcwd() + "/", "") for word in sys.argv[1:]]
            connection.request("POST", "/2018-06-01/runtime/invocation/%s/response" % request, json.dumps(words))
            connection.getresponse().read()
        """

    @Test(arguments: [
        ("dotnet8", "Shop", #"["exec", "Shop.dll"]"#),
        ("dotnet6", "Shop.dll", #"["exec", "--roll-forward", "Major", "Shop.dll"]"#),
        (
            "dotnet8", "Shop::Shop.Orders::List",
            #"["exec", "--depsfile", "Shop.deps.json", "--runtimeconfig", "Shop.runtimeconfig.json", "#
                + #""Amazon.Lambda.RuntimeSupport.dll", "Shop::Shop.Orders::List"]"#
        ),
        // The only files of their kinds are taken where none has the assembly's name.
        (
            "dotnet8", "Other::Shop.Orders::List",
            #"["exec", "--depsfile", "Shop.deps.json", "--runtimeconfig", "Shop.runtimeconfig.json", "#
                + #""Amazon.Lambda.RuntimeSupport.dll", "Other::Shop.Orders::List"]"#
        ),
    ])
    func dotnetRuns(runtime: String, handler: String, words: String) async throws {
        let function = #""F": {"runtime": "\#(runtime)", "handler": "\#(handler)", "code": "code"}"#
        let names = ["Shop.dll", "Shop.deps.json", "Shop.runtimeconfig.json", "Amazon.Lambda.RuntimeSupport.dll"]
        var files = ["bin/dotnet": Self.fakeDotnet]
        for name in names { files["code/\(name)"] = "" }
        try await HostFixture.withHost(function, files: files, programs: ["bin/dotnet"]) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.body == words)
            #expect(fixture.log.count("the nearest runtime on this machine is used") == (runtime == "dotnet6" ? 1 : 0))
        }
    }

    /// As much of AWS's runtime interface client as shows that the right class is started in the right place.
    private static let javaClient = """
        package com.amazonaws.services.lambda.runtime.api.client;
        import java.net.*;
        import java.nio.charset.StandardCharsets;
        public class AWSLambda {
            public static void main(String[] words) throws Exception {
                String prefix = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/";
                while (true) {
                    HttpURLConnection next = (HttpURLConnection) new URL(prefix + "next").openConnection();
                    String id = next.getHeaderField("Lambda-Runtime-Aws-Request-Id");
                    next.getInputStream().readAllBytes();
                    String text = "\\"" + words[0] + " " + System.getProperty("word") + " "
                        + Class.forName("shop.Orders").getName() + "\\"";
                    HttpURLConnection answer = (HttpURLConnection) new URL(prefix + id + "/response").openConnection();
                    answer.setDoOutput(true);
                    answer.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                    answer.getResponseCode();
                }
            }
        }
        """

    @Test(.enabled(if: hasCompiler, "javac is not installed"))
    func javaRuns() async throws {
        let function = """
            "F": {"runtime": "java17", "handler": "shop.Orders::handle", "code": "code",
                "environment": {"JAVA_TOOL_OPTIONS": "-Dword=honoured"}}
            """
        let path = Self.client.replacingOccurrences(of: ".", with: "/")
        let files = ["\(path).java": Self.javaClient, "shop/Orders.java": "package shop; public class Orders {}"]
        try await HostFixture.withDirectory { sources in
            for (path, text) in files { try HostFixture.write(text, to: "\(sources)/\(path)") }
            let compiler = Process()
            compiler.executableURL = URL(filePath: "/usr/bin/env")
            compiler.arguments = ["javac", "-d", "\(sources)/classes"] + files.keys.map { "\(sources)/\($0)" }
            try compiler.run()
            compiler.waitUntilExit()
            try #require(compiler.terminationStatus == 0)
            try await HostFixture.withHost(function, files: ["code/readme": ""]) { fixture in
                try FileManager.default.removeItem(atPath: "\(fixture.directory)/code")
                try FileManager.default.copyItem(
                    atPath: "\(sources)/classes",
                    toPath: "\(fixture.directory)/code"
                )
                let answer = try await fixture.invoke("F")
                #expect(answer.body == #""shop.Orders::handle honoured shop.Orders""#)
            }
        }
    }

    private static let hasCompiler = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: "\($0)/javac") }
}
