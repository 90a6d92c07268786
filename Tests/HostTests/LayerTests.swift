// Layers: their order, what finds what, and where they are seen.

import Foundation
import JSON
import Testing

@testable import Host

struct LayerTests {
    private let functions = """
        "Py": {"runtime": "python3.12", "handler": "app.handler", "code": "py", "layers": ["first", "second"]},
        "Js": {"runtime": "nodejs20.x", "handler": "app.handler", "code": "js", "layers": ["first", "second"]},
        "One": {"runtime": "python3.12", "handler": "app.handler", "code": "py", "layers": ["first"]}
        """
    private let files = [
        "py/app.py": """
        import os, shared
        def handler(event, context):
            opt = os.environ["PYTHONPATH"].split("/python")[0]
            files = sorted(os.listdir(opt))
            try:
                open(opt + "/new", "w").close()
                writable = True
            except OSError:
                writable = False
            return {"word": shared.word, "opt": opt, "files": files, "writable": writable,
                "text": open(opt + "/data/text").read(), "tools": os.popen("tool").read()}
        """,
        "js/app.js": "exports.handler = async () => require('outer').word;",
        "first/python/shared.py": "import helper\nword = 'first ' + helper.word",
        "first/python/helper.py": "word = 'alone'",
        "first/data/text": "first",
        "first/bin/tool": "#!/bin/sh\necho tool",
        "second/python/helper.py": "word = 'second'",
        "second/data/text": "second",
        "second/extensions/watch": "#!/bin/sh",
        "first/nodejs/node_modules/outer/index.js": "exports.word = 'outer ' + require('@scope/inner').word;",
        "first/nodejs/node_modules/@scope/other/index.js": "",
        "second/nodejs/node_modules/@scope/inner/index.js": "exports.word = 'inner';",
    ]

    @Test(arguments: [Isolation.full, .userNamespaces, .none])
    func theyAreOneFolder(_ isolation: Isolation) async throws {
        let isMounted = PermittedIsolation.find(isolation, folder: "/tmp").namespaces != 0
        try await HostFixture.withHost(functions, files: files) { configuration, directory in
            configuration.isolation = isolation
            chmod("\(directory)/first/bin/tool", 0o755)
        } _: { fixture in
            let python = try await fixture.invoke("Py")
            #expect(python.text("word") == "first second", "\(python.body)")
            #expect(python.text("text") == "second")
            #expect(python.text("tools") == "tool\n")
            let names = python.json?["files"]?.array?.compactMap(\.string)
            #expect(names == ["bin", "data", "extensions", "nodejs", "python"])
            #expect((python.text("opt") == "/opt") == isMounted, "\(python.body)")
            #expect(python.json?["writable"]?.boolean == false || !isMounted)
            // Node.js asks for modules from where a link leads to.
            let script = try await fixture.invoke("Js")
            #expect(script.body == "\"outer inner\"")
            let one = try await fixture.invoke("One")
            #expect(one.text("word") == "first alone", "\(one.body)")
        }
    }

    @Test func aLayerThatChangesIsMergedAnew() async throws {
        try await HostFixture.withHost(functions, files: files) { fixture in
            #expect(try await fixture.invoke("Py").text("word") == "first second")
            try fixture.write("word = 'newest'", to: "second/python/shared.py")
            #expect(try await eventually { try await fixture.invoke("Py").text("word") == "newest" })
        }
    }

    @Test func folding() async throws {
        try await HostFixture.withDirectory { directory in
            for path in ["a/only/x", "a/both/x", "a/hidden/x", "a/dir", "b/both/x", "b/both/y", "b/hidden", "b/dir/x"] {
                try HostFixture.write(path, to: "\(directory)/\(path)")
            }
            try Folder.make("\(directory)/out")
            let cleaner = Cleaner()
            let layers = ["\(directory)/a", "\(directory)/b"]
            let merge = try LayerMerge(layers, into: CodeFolder(path: "\(directory)/out", cleaner: cleaner))
            let link = { (path: String) in
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/out/\(path)")
            }
            #expect(link("only") == "\(directory)/a/only")
            #expect(link("both") == nil)
            #expect(link("both/x") == "\(directory)/b/both/x")
            #expect(link("both/y") == "\(directory)/b/both/y")
            #expect(link("hidden") == "\(directory)/b/hidden")
            #expect(link("dir") == "\(directory)/b/dir")
            #expect(merge.isCurrent)
            // What one layer has alone is seen through its link.
            try HostFixture.write("", to: "\(directory)/a/only/new")
            #expect(merge.isCurrent)
            try HostFixture.write("", to: "\(directory)/a/both/new")
            #expect(!merge.isCurrent)
        }
    }

    @Test func layersThatOnlyAWSHas() async throws {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:layer:shared:7"
        let functions = """
            "F": {"runtime": "python3.12", "handler": "app.handler", "code": "py", "layers": ["\(arn)", "gone"]},
            "G": {"runtime": "python3.12", "handler": "app.handler", "code": "py", "layers": ["\(arn)"]}
            """
        let files = [
            "py/app.py": """
            def handler(event, context):
                try:
                    import shared
                    return shared.word
                except ImportError:
                    return None
            """
        ]
        try await HostFixture.withHost(functions, files: files) { configuration, directory in
            configuration.layerCache = "\(directory)/cache"
        } _: { fixture in
            #expect(try await fixture.invoke("F").body == "null")
            #expect(try await fixture.invoke("G").body == "null")
            let lines = fixture.log.lines.filter { $0.message.hasPrefix("a layer is not on this machine") }
            #expect(lines.count == 2)
            let place = "\(fixture.directory)/cache/eu-west-1/123456789012/shared/7"
            let remedy = lines.compactMap { $0.metadata["remedy"] }
            #expect(
                remedy == [
                    "mkdir -p '\(fixture.directory)/cache/eu-west-1/123456789012/shared' && "
                        + "url=$(aws lambda get-layer-version-by-arn --arn '\(arn)' "
                        + "--query Content.Location --output text) && curl -fsSo '\(place).zip' \"$url\""
                ]
            )
            try HostFixture.write("", to: "\(place).zip")
            try ZipEntry.write([.file("python/shared.py", "word = 'cached'")], to: "\(place).zip")
            try fixture.write("\n" + files["py/app.py"]!, to: "py/app.py")
            #expect(try await eventually { try await fixture.invoke("F").body == "\"cached\"" })
        }
    }

    @Test(arguments: [
        "arn:aws:lambda:eu-west-1:1:layer:..:7", "arn:aws:lambda:eu-west-1:1:layer:a/b:7",
        "arn:aws:lambda:eu-west-1:1:layer::7", "arn:aws:lambda:eu-west-1:1:layer:a", "arn:aws:s3:r:1:layer:a:7", "arn:",
    ])
    func namesThatAreNoPlace(_ arn: String) {
        #expect(Layer(arn: arn, cache: "/cache").places.isEmpty)
    }

    @Test func searchPaths() {
        let python = SearchPaths(runtime: "python3.12", code: "/c", opt: "/opt").folders
        #expect(python["PYTHONPATH"] == ["/opt/python/lib/python3.12/site-packages", "/opt/python"])
        #expect(python["LD_LIBRARY_PATH"] == ["/c", "/c/lib", "/opt/lib"])
        #expect(python["PATH"] == ["/opt/bin"])
        let node = SearchPaths(runtime: "nodejs22.x", code: "/c", opt: "/opt").folders
        #expect(node["NODE_PATH"] == ["/opt/nodejs/node22/node_modules", "/opt/nodejs/node_modules", "/c"])
        #expect(SearchPaths(runtime: "nodejs22.x", code: "/c", opt: nil).folders["NODE_PATH"] == ["/c"])
        let ruby = SearchPaths(runtime: "ruby3.3", code: "/c", opt: "/opt").folders
        #expect(ruby["GEM_PATH"] == ["/c/vendor/bundle/ruby/3.3.0", "/opt/ruby/gems/3.3.0"])
        #expect(ruby["RUBYLIB"] == ["/c", "/opt/ruby/lib"])
        #expect(SearchPaths(runtime: "python3.12", code: "/c", opt: nil).folders["PYTHONPATH"] == nil)
    }
}
