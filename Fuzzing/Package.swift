// swift-tools-version:6.2
// The fuzzer of the compiler, a package of its own so that nothing of it reaches the product; see `Fuzzing/run`.

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library", "-Onone"]),
]

// The folders of the modules are links to those of the product.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "samovar",
    targets: [
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        module("JSON", ["CJansson"]),
        module("Diagnostics", ["JSON"]),
        module("Manifest", ["JSON"]),
        module("Routing", ["Manifest"]),
        module("Compiler", ["CYAML", "Diagnostics", "JSON", "Manifest", "Routing"]),
        module("CompilerProperties", ["Compiler", "Diagnostics", "Manifest"]),
        .executableTarget(
            name: "CompilerFuzzer",
            dependencies: ["CompilerProperties"],
            swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)
