// The examples for continuous integration: their scripts, run as they stand in config/ci.

import Foundation
import JSON
import Subprocess
import Testing

struct ContinuousIntegrationTests {
    private static let folder = ExampleCopy.original.deletingLastPathComponent().appending(path: "ci")

    /// The scripts of a file of continuous integration by the name of their step, or their number.
    private func scripts(of file: String) throws -> [String: String] {
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        var scripts: [String: String] = [:]
        var name = ""
        var block: (indentation: Int, lines: [String])?
        func close() {
            guard let block else { return }
            scripts[name.isEmpty ? "\(scripts.count)" : name] = block.lines.joined(separator: "\n") + "\n"
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let indentation = line.prefix { $0 == " " }.count
            let words = line.dropFirst(indentation)
            if let current = block, words.isEmpty || indentation > current.indentation {
                block?.lines.append(String(line.dropFirst(current.indentation + 2)))
                continue
            }
            close()
            block = nil
            if words.hasPrefix("- name: ") { name = String(words.dropFirst("- name: ".count)) }
            if words == "run: |" || words == "- |" { block = (indentation, []) }
        }
        close()
        return scripts
    }

    @Test func scriptsHoldNoExpressions() throws {
        let github = try scripts(of: "github-actions.yml")
        #expect(Set(github.keys) == ["Check", "Compare", "Comment", "Decide"])
        for (name, script) in github { #expect(!script.contains("${{"), "\(name)") }
        #expect(try scripts(of: "gitlab-ci.yml").count == 2)
        let text = try String(contentsOf: Self.folder.appending(path: "github-actions.yml"), encoding: .utf8)
        #expect(!text.contains("\n  pull_request_target"))
    }

    /// A branch that opens a route, away from the main line, with programs that write down how they are called.
    private func branch(_ answers: [String: String]) async throws -> WorkingTree {
        var tree = try await WorkingTree()
        try tree.copy.write(Self.samconfig, to: "samconfig.toml")
        try await tree.commit("settings")
        try await tree.git("update-ref", "refs/remotes/origin/main", "main")
        try await tree.git("checkout", "-q", "-b", "feature")
        let folder = "\(tree.path)/.git/programs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for (program, answer) in answers {
            let script = """
                #!/bin/sh
                printf '%s' "\(program)" >>"$CALLS"
                printf ' [%s]' "$@" >>"$CALLS"
                echo >>"$CALLS"
                \(answer)
                """
            try tree.copy.write(script, to: ".git/programs/\(program)")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(program)")
        }
        let path = try #require(tree.environment["PATH"] ?? nil)
        let settings: [Environment.Key: String?] = [
            "PATH": "\(folder):\(path)", "CALLS": "\(folder)/calls", "TEMPLATE": "template.yaml",
            "MANIFEST": "routes.json", "ALLOW": "samovar-allow.yaml", "FAIL_ON": "security", "BASE": "origin/main",
            "GITHUB_STEP_SUMMARY": "\(folder)/summary", "GITHUB_OUTPUT": "\(folder)/output",
            "GITHUB_REPOSITORY": "o/r", "NUMBER": "7", "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
            "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7", "SAMOVAR_TOKEN": "hush",
        ]
        tree.environment.merge(settings) { $1 }
        return tree
    }

    private func openRoute(_ tree: WorkingTree) async throws {
        let event = """
                    Open:
                      Type: Api
                      Properties:
                        Path: /open
                        Method: get
                    ListRatings:
            """
        try tree.copy.replace("        ListRatings:", with: event, in: "template.yaml")
        try await tree.samovar("compile", "template.yaml", "-n", "env.json", "-o", "routes.json")
        try await tree.commit("open a route")
    }

    private func step(_ name: String, of file: String, in tree: WorkingTree) async throws -> Program.Ending {
        let script = try #require(try scripts(of: file)[name], "\(name)")
        return try await tree.program("bash", ["--noprofile", "--norc", "-eo", "pipefail"], input: script)
    }

    private static let samconfig = "version = 0.1\n[default.global.parameters]\nenv_vars = \"env.json\"\n"

    @Test(arguments: ["", "echo 41; echo 42"])
    func commentsOnPullRequests(comments: String) async throws {
        let list = "case \"$*\" in *--paginate*) \(comments.isEmpty ? ":" : comments) ;; esac"
        var tree = try await branch(["gh": list])
        try await openRoute(tree)
        func step(_ name: String) async throws -> Program.Ending {
            try await self.step(name, of: "github-actions.yml", in: tree)
        }
        let check = try await step("Check")
        #expect(check.status == .exited(0), "\(check.output)\(check.errors)")
        let compare = try await step("Compare")
        #expect(compare.status == .exited(0), "\(compare.errors)")
        #expect(compare.output.hasPrefix("::") && compare.output.contains("route-added"))
        #expect(tree.text(".git/programs/output") == "changed=true\n")
        #expect(tree.text(".git/programs/summary") == tree.text("review.md"))
        #expect(tree.text("review.md").hasPrefix("<!-- samovar diff -->"))
        #expect(try JSONParser.parse(tree.text("review.sarif"))["version"]?.string == "2.1.0")

        tree.environment["CHANGED"] = "true"
        let comment = try await step("Comment")
        #expect(comment.status == .exited(0), "\(comment.errors)")
        let calls = tree.text(".git/programs/calls").split(separator: "\n")
        let write =
            comments.isEmpty
            ? "gh [api] [--method] [POST] [repos/o/r/issues/7/comments] [--field] [body=@review.md] [--silent]"
            : "gh [api] [--method] [PATCH] [repos/o/r/issues/comments/41] [--field] [body=@review.md] [--silent]"
        #expect(calls.count == 2 && calls.last == Substring(write))

        #expect(try await step("Decide").status == .exited(2))
        let allow = "- rule: route-added\n  api: ServerlessRestApi\n  identity: GET /open\n  reason: It is a page.\n"
        try tree.copy.write(allow, to: "samovar-allow.yaml")
        let decided = try await step("Decide")
        #expect(decided.status == .exited(0), "\(decided.output)\(decided.errors)")
    }

    @Test func saysNothingOfRequestsThatChangeNothing() async throws {
        var tree = try await branch(["gh": ":"])
        try await tree.git("commit", "-q", "--allow-empty", "-m", "nothing")
        for name in ["Check", "Compare"] {
            #expect(try await step(name, of: "github-actions.yml", in: tree).status == .exited(0), "\(name)")
        }
        #expect(tree.text(".git/programs/output") == "changed=false\n")
        tree.environment["CHANGED"] = "false"
        #expect(try await step("Comment", of: "github-actions.yml", in: tree).status == .exited(0))
        #expect(tree.text(".git/programs/calls").split(separator: "\n").count == 1)
        #expect(try await step("Decide", of: "github-actions.yml", in: tree).status == .exited(0))
    }

    @Test(arguments: [true, false])
    func commentsOnMergeRequests(isCommented: Bool) async throws {
        let marker = "<!-- samovar diff --> old"
        let foreign = #"{"id": 8, "author": {"id": 9}, "body": "\#(marker)"}"#
        let own = #", {"id": 12, "author": {"id": 5}, "body": "\#(marker)"}"#
        let answer = """
            cat >>"$CALLS"
            case "$*" in
            */user) echo '{"id": 5}' ;;
            *sort=asc*) echo '[\(foreign)\(isCommented ? own : "")]' ;;
            esac
            """
        var tree = try await branch(["curl": answer])
        try await openRoute(tree)
        let base = try await tree.git("merge-base", "HEAD", "origin/main").dropLast()
        tree.environment["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = String(base)
        #expect(try await step("0", of: "gitlab-ci.yml", in: tree).status == .exited(0))
        let review = try await step("1", of: "gitlab-ci.yml", in: tree)
        #expect(review.status == .exited(2), "\(review.errors)")
        #expect(tree.text("review.md").hasPrefix(marker.prefix(20)))
        let calls = tree.text(".git/programs/calls")
        let notes = "https://gitlab.example.com/api/v4/projects/3/merge_requests/7/notes"
        let write =
            isCommented
            ? "[PUT] [--data-urlencode] [body@review.md] [\(notes)/12]\n"
            : "[POST] [--data-urlencode] [body@review.md] [\(notes)]\n"
        #expect(calls.contains(write) && !calls.contains("notes/8"))
        #expect(calls.components(separatedBy: "PRIVATE-TOKEN: hush\n").count == 4 && !calls.contains("[PRIVATE"))
    }
}
