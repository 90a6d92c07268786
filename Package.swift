// swift-tools-version:6.2
// The package of Samovar: three programs and the modules that they are made of.

import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

/// A module of the product and what it may import; nothing else resolves.
func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "samovar",
    products: [
        .executable(name: "samovar", targets: ["samovar"]),
        .executable(name: "samovar-proxy", targets: ["samovar-proxy"]),
        .executable(name: "samovar-host", targets: ["samovar-host"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        .target(name: "CProcess"),

        module("JSON", ["CJansson"]),
        module("Diagnostics", ["JSON"]),
        module("FileWatch", []),
        module("Listening", [nioCore]),
        module("Manifest", ["JSON"]),
        module("Operations", ["Listening", nioCore, nioHTTP1, nioPosix]),
        module("Routing", ["Manifest"]),
        module(
            "Review",
            ["Diagnostics", "JSON", "Manifest", "Routing"],
            resources: [
                .embedInCode("Page/page.css"), .embedInCode("Page/page.html"), .embedInCode("Page/page.js"),
            ]
        ),
        module("Compiler", ["CYAML", "Diagnostics", "JSON", "Manifest", "Routing"]),
        module(
            "Proxy",
            [
                "CZlib", "FileWatch", "JSON", "Listening", "Manifest", "Operations", "Routing", asyncHTTPClient, crypto,
                jwtKit, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ]
        ),
        module(
            "Host",
            [
                "CArchive", "CProcess", "CZlib", "FileWatch", "JSON", "Listening", "Manifest", "Operations", logging,
                nioCore, nioHTTP1, nioPosix,
            ],
            resources: [
                .embedInCode("Bootstraps/bootstrap.mjs"), .embedInCode("Bootstraps/bootstrap.py"),
                .embedInCode("Bootstraps/bootstrap.rb"),
            ]
        ),

        program(
            "samovar",
            [
                "Compiler", "Diagnostics", "FileWatch", "JSON", "Manifest", "Review", argumentParser, crypto,
                subprocess,
                systemPackage, unixSignals,
            ]
        ),
        program("samovar-proxy", ["Proxy", argumentParser, logging, unixSignals]),
        program("samovar-host", ["Host", argumentParser, logging, unixSignals]),

        .target(
            name: "Support",
            dependencies: ["JSON", "Manifest", nioCore, nioPosix],
            path: "Tests/Support",
            swiftSettings: settings
        ),
        .target(
            name: "CompilerProperties",
            dependencies: ["Compiler", "Diagnostics", "Manifest"],
            path: "Fuzzing/Sources/CompilerProperties",
            swiftSettings: settings
        ),
        tests("JSONTests", ["JSON"]),
        tests("DiagnosticsTests", ["Diagnostics", "JSON", "Support"], exclude: ["sarif.schema.json"]),
        tests("FileWatchTests", ["FileWatch", "Support"]),
        tests("ManifestTests", ["JSON", "Manifest", "Support"]),
        tests(
            "CompilerTests",
            ["Compiler", "CompilerProperties", "Diagnostics", "JSON", "Manifest", "Support"],
            exclude: ["Golden"]
        ),
        tests("RoutingTests", ["Manifest", "Routing", "Support"]),
        tests(
            "ReviewTests",
            ["Diagnostics", "JSON", "Manifest", "Review", "Routing", "Support", crypto],
            exclude: ["Golden", "OpenAPI"]
        ),
        tests(
            "ProxyTests",
            [
                "JSON", "Manifest", "Operations", "Proxy", "Routing", "Support", crypto, jwtKit, logging, nioCore,
                nioEmbedded, nioPosix, nioSSL,
            ]
        ),
        tests(
            "HostTests",
            [
                "CProcess", "Host", "JSON", "Manifest", "Operations", "Support", logging, nioCore, nioEmbedded,
                nioHTTP1, nioPosix,
            ]
        ),
        tests("EndToEndTests", ["JSON", "Manifest", "Support", subprocess, systemPackage], exclude: ["Golden"]),
    ],
    swiftLanguageModes: [.v6]
)
