// git-setup, and what git shows after it.

import Foundation
import Subprocess
import SystemPackage
import Testing

struct GitTests {
    @Test func saysWhatItDoesAndDoesItOnce() async throws {
        let tree = try await WorkingTree()
        let said = try await tree.samovar("git-setup")
        #expect(said.hasPrefix("wrote to .git/info/attributes:\n  routes.json diff=samovar\n"))
        #expect(said.contains("\n  diff.samovar.command\n"))
        let files = [".git/config", ".git/info/attributes"]
        let before = files.map(tree.text)
        let again = try await tree.samovar("git-setup")
        #expect(again.hasPrefix("all is set up already\n"))
        #expect(files.map(tree.text) == before)
        #expect(try await tree.git("status", "--porcelain") == "")
    }

    @Test(arguments: [
        (nil, "[user]\n\tname = A\n"), ("", "[diff \"other\"]\n\tcommand = x\n"), ("*.png binary\n", ""),
        ("# mine\n*.png binary", ""), ("*.yaml diff=mine\n\n\n", "[diff \"samovar\"]\n\tbinary = false\n"),
    ])
    func takesBackExactlyWhatItDid(attributes: String?, configuration: String) async throws {
        let tree = try await WorkingTree()
        try tree.copy.write(tree.text(".git/config") + configuration, to: ".git/config")
        if let attributes { try tree.copy.write(attributes, to: ".git/info/attributes") }
        let files = [".git/config", ".git/info/attributes"]
        let before = files.map(tree.text)
        try await tree.samovar("git-setup", "config/../routes.json")
        try await tree.samovar("git-setup", "other one.yaml")
        #expect(files.map(tree.text) != before)
        let undone = try await tree.samovar("git-setup", "--undo")
        #expect(undone.contains("removed diff.samovar.command from the repository's configuration\n"))
        #expect(files.map(tree.text) == before)
        #expect(try await tree.samovar("git-setup", "--undo") == "there is nothing to take back\n")
    }

    @Test func keepsLinesThatCameLater() async throws {
        let tree = try await WorkingTree()
        try tree.copy.write("*.png binary", to: ".git/info/attributes")
        try await tree.samovar("git-setup")
        try tree.copy.write(tree.text(".git/info/attributes") + "*.jpg binary\n", to: ".git/info/attributes")
        try await tree.samovar("git-setup", "--undo")
        #expect(tree.text(".git/info/attributes") == "*.png binary\n*.jpg binary\n")
    }

    @Test func leavesDriversOfOthersAlone() async throws {
        let tree = try await WorkingTree()
        try await tree.git("config", "diff.samovar.textconv", "mine")
        let before = tree.text(".git/config")
        let ending = try await tree.program("samovar", ["git-setup"])
        #expect(ending.status == .exited(1))
        #expect(
            ending.errors.hasPrefix("error: diff.samovar.textconv is already 'mine', which git-setup did not write;")
        )
        #expect(tree.text(".git/config") == before && tree.text(".git/info/attributes") == "")
        let undone = try await tree.samovar("git-setup", "--undo")
        #expect(undone.hasPrefix("left alone: diff.samovar.textconv"))
        #expect(tree.text(".git/config") == before)
    }

    @Test func sharesAttributes() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup", "--shared")
        #expect(tree.text(".gitattributes").contains("\ntemplate.yaml diff=samovar\n"))
        #expect(tree.text(".git/info/attributes") == "")
        let undone = try await tree.samovar("git-setup", "--undo")
        #expect(
            undone.hasSuffix(
                "left alone: the lines of .gitattributes, which others share; --undo --shared removes them\n"
            )
        )
        // Without the configuration, git compares lines.
        try tree.copy.replace("Timeout: 10", with: "Timeout: 11", in: "template.yaml")
        #expect(try await tree.git("diff").contains("\n-    Timeout: 10\n"))
        try await tree.samovar("git-setup", "--undo", "--shared")
        #expect(!FileManager.default.fileExists(atPath: "\(tree.path)/.gitattributes"))
    }

    @Test func setsUpAllRepositories() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup", "--global")
        #expect(tree.text(".config/git/attributes").contains("\nroutes.json diff=samovar\n"))
        #expect(tree.text(".gitconfig").contains("[diff \"samovar\"]"))
        try tree.copy.replace("Timeout: 10", with: "Timeout: 11", in: "template.yaml")
        #expect(try await tree.git("diff").contains("timeout-lengthened"))
        try await tree.samovar("git-setup", "--global", "--undo")
        #expect(tree.text(".gitconfig") == "" && tree.text(".config/git/attributes") == "")
    }

    @Test func saysWhereThereIsNoRepository() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        let ending = try await Program.samovar(["git-setup"], in: folder.path)
        #expect(ending.status == .exited(1))
        #expect(ending.errors.hasPrefix("error: not a git repository"))
        #expect(ending.errors.hasSuffix("; go into a repository, or set up all of them with --global\n"))
    }

    @Test func showsWhatChangesForRequests() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup")
        try tree.copy.replace("Timeout: 10", with: "Timeout: 5", in: "template.yaml")
        try tree.copy.replace("Path: /hello", with: "Path: /hi", in: "template.yaml")
        try FileManager.default.createDirectory(atPath: "\(tree.path)/sub", withIntermediateDirectories: false)
        let shown = try await tree.git("diff", in: "sub")
        #expect(shown.hasPrefix("diff --samovar a/template.yaml b/template.yaml\n"))
        for rule in ["route-removed", "route-added", "timeout-shortened"] { #expect(shown.contains(rule)) }
        #expect(shown.hasSuffix("in the text: +2 -2 lines, shown by 'git diff --no-ext-diff --no-textconv'\n"))
        #expect(!shown.contains("\u{1B}"))
        #expect(try await tree.git("diff", "--no-ext-diff", "--no-textconv").contains("\n-    Timeout: 10\n"))
        try await tree.commit("second")
        #expect(try await tree.git("show", "--ext-diff").hasSuffix(shown))

        let table = try await tree.git("log", "-p", "-1")
        #expect(
            table.contains("\n-  ANY /hello | function Hello | auth none\n+  ANY /hi | function Hello | auth none\n")
        )
        #expect(table.contains("\n   GET /ratings | function Ratings | auth none\n"))
        #expect(table.contains("\n-  timeoutSeconds: 10\n+  timeoutSeconds: 5\n"))
        // The lines of a blame are those of the file, and a patch can be applied.
        #expect(try await tree.git("blame", "template.yaml").contains("AWSTemplateFormatVersion"))
        #expect(try await tree.git("format-patch", "--stdout", "-1").contains("\n+    Timeout: 5\n"))
        #expect(try await tree.git("show", "HEAD:template.yaml") == tree.text("template.yaml"))
    }

    @Test func hidesNoChange() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup")
        try tree.copy.replace("# A REST API", with: "# The REST API", in: "template.yaml")
        let comment = try await tree.git("diff")
        #expect(comment.contains("\nno changes\nin the text: +1 -1 lines, "))
        try await tree.commit("a comment")
        let table = try await tree.git("show")
        #expect(table.contains("\n-text of the file: ") && table.contains("\n+text of the file: "))

        // Blanks of a manifest.
        try tree.copy.write(tree.text("routes.json") + "\n", to: "routes.json")
        #expect(
            try await tree.git("diff").contains(
                "\nshown line by line: both manifests say the same\n--- a/routes.json\n"
            )
        )
        try await tree.git("checkout", "-q", "routes.json")

        try tree.copy.replace("Handler: index.handler", with: "Handler: [", in: "template.yaml")
        let broken = try await tree.git("diff")
        #expect(broken.contains("\nshown line by line: 'b/template.yaml' does not compile: "))
        #expect(broken.contains("\n--- a/template.yaml\n+++ b/template.yaml\n@@ -"))
        #expect(broken.contains("\n-      Handler: index.handler\n+      Handler: [\n"))
        try await tree.commit("broken")
        #expect(try await tree.git("show").contains("\n+      Handler: [\n"))

        // A file of that name that is no template.
        try tree.copy.write("a: 1\n", to: "template.yml")
        try await tree.git("add", "template.yml")
        let foreign = try await tree.git("diff", "--cached")
        #expect(
            foreign.contains("\nnew file mode 100644\nshown line by line: 'b/template.yml' does not compile: 1:1: ")
        )
        #expect(foreign.hasSuffix("\n--- /dev/null\n+++ b/template.yml\n@@ -0,0 +1 @@\n+a: 1\n"))
    }

    @Test func followsFilesThatComeGoAndMove() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup")
        try await tree.git("mv", "template.yaml", "template.yml")
        try tree.copy.replace("Path: /hello", with: "Path: /hi", in: "template.yml")
        try await tree.git("add", "-A")
        let moved = try await tree.git("diff", "--cached", "-M")
        #expect(moved.hasPrefix("diff --samovar a/template.yaml b/template.yml\nsimilarity index 98%\nrename from "))
        #expect(moved.contains("ANY /hi") && !moved.contains("/ratings"))
        try await tree.git("rm", "-q", "-f", "template.yml")
        let gone = try await tree.git("diff", "--cached")
        #expect(gone.hasPrefix("diff --samovar a/template.yaml b/template.yaml\ndeleted file mode 100644\n"))
        #expect(gone.contains("api-removed") && !gone.contains("api-added"))
        try await tree.commit("gone")
        #expect(try await tree.git("show", "-R", "--ext-diff").contains("api-added"))
    }

    @Test func survivesConflictsAndMissingPrograms() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup")
        for (branch, seconds) in [("one", 11), ("two", 12)] {
            try await tree.git("checkout", "-q", "-b", branch, "main")
            try tree.copy.replace("Timeout: 10", with: "Timeout: \(seconds)", in: "template.yaml")
            try await tree.commit(branch)
        }
        #expect(try await tree.program("git", ["merge", "-q", "one"]).status == .exited(1))
        #expect(try await tree.git("diff").contains("<<<<<<<"))
        #expect(
            try await tree.git("diff", "HEAD", "--", "template.yaml").contains("shown line by line: 'b/template.yaml'")
        )
        try await tree.git("merge", "--abort")

        // A program that is gone must not end git.
        let settings = tree.text(".git/config").replacing(try Program.path("samovar").string, with: "/gone/samovar")
        try tree.copy.write(settings.replacing("|| s=samovar", with: "|| s=samovar-gone"), to: ".git/config")
        try tree.copy.replace("Timeout: 12", with: "Timeout: 13", in: "template.yaml")
        #expect(try await tree.git("diff").contains("\n-    Timeout: 12\n+    Timeout: 13\n"))
        try await tree.commit("without samovar")
        #expect(try await tree.git("show").contains("\n-    Timeout: 12\n+    Timeout: 13\n"))
    }

    @Test func coloursWhereGitDoes() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup")
        try tree.copy.replace("Timeout: 10", with: "Timeout: 5", in: "template.yaml")
        #expect(!(try await tree.git("diff").contains("\u{1B}")))
        try await tree.git("config", "color.ui", "always")
        #expect(try await tree.git("diff").hasPrefix("\u{1B}[1mdiff --samovar "))
        var quiet = tree
        quiet.environment["NO_COLOR"] = "1"
        #expect(!(try await quiet.git("diff").contains("\u{1B}")))
        // git runs its pager, and us beside it, with this variable.
        try await tree.git("config", "color.ui", "auto")
        var paged = tree
        paged.environment["GIT_PAGER_IN_USE"] = "true"
        #expect(try await paged.git("diff").hasPrefix("\u{1B}[1mdiff --samovar "))
    }

    @Test func takesPathsThatNeedQuoting() async throws {
        let tree = try await WorkingTree()
        let name = "sub/a [b] \"c\".yaml"
        try FileManager.default.createDirectory(atPath: "\(tree.path)/sub", withIntermediateDirectories: false)
        try tree.copy.write(tree.text("template.yaml"), to: name)
        try await tree.commit("named")
        try await tree.samovar("git-setup", "a [b] \"c\".yaml", in: "sub")
        #expect(try await tree.git("check-attr", "diff", "--", name, "sub/a b.yaml").contains("diff: samovar\n"))
        try tree.copy.replace("Timeout: 10", with: "Timeout: 5", in: name)
        #expect(try await tree.git("diff").contains("timeout-shortened"))
        let outside = try await tree.program("samovar", ["git-setup", "../other.yaml"])
        #expect(outside.status == .exited(1) && outside.errors.contains("'../other.yaml' is not in this repository, "))
    }

    @Test func namesNoSecret() async throws {
        let tree = try await WorkingTree()
        try await tree.samovar("git-setup")
        let parameter = "Parameters:\n  Hidden:\n    Type: String\n    NoEcho: true\n    Default: hush-1\n"
        try tree.copy.replace("Parameters:\n", with: parameter, in: "template.yaml")
        try tree.copy.replace("TABLE_NAME: ratings-table", with: "TABLE_NAME: !Ref Hidden", in: "template.yaml")
        try await tree.commit("secret")
        try tree.copy.replace("hush-1", with: "hush-2", in: "template.yaml")
        let shown = try await tree.git("diff")
        try await tree.commit("another")
        let table = try await tree.git("log", "-p", "-2")
        #expect(table.contains("environment/TABLE_NAME: {\"secret\":"))
        #expect(!shown.contains("hush-") && !table.contains("hush-"))
    }
}
