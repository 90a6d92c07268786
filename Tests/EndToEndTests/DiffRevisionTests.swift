// `samovar diff` with revisions of git: where each side comes from, and what is said where there is none.

import Foundation
import Subprocess
import Testing

struct DiffRevisionTests {
    /// A template with a route to a function for each path.
    static func template(_ paths: String..., timeout: Int = 3) -> String {
        var text = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        text += "  Shop:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src\n"
        text += "      Handler: shop.handler\n      Runtime: python3.12\n      Timeout: \(timeout)\n      Events:\n"
        for (index, path) in paths.enumerated() {
            text += "        E\(index):\n          Type: HttpApi\n"
            text += "          Properties:\n            Path: \(path)\n            Method: get\n"
        }
        return text
    }

    /// A repository with one commit of `template.yaml`, and a change of it that is not committed.
    private func repository(subfolder: String = "") async throws -> GitFolder {
        let folder = try await GitFolder()
        try folder.write(Self.template("/a", "/b"), to: "\(subfolder)template.yaml")
        try folder.write("", to: "\(subfolder)src/shop.py")
        try await folder.commit()
        try folder.write(Self.template("/a", "/c"), to: "\(subfolder)template.yaml")
        return folder
    }

    private func expectOneRouteForAnother(_ ending: Program.Ending) {
        #expect(ending.status == .exited(0), "\(ending.errors)")
        #expect(ending.output.contains("- GET /b") && ending.output.contains("+ GET /c"), "\(ending.output)")
        #expect(!ending.output.contains("GET /a") && ending.errors == "")
        #expect(ending.output.contains("1 breaking, 1 compatible; 1 weakens security"))
    }

    @Test(arguments: [
        [], ["template.yaml"], ["--base", "main"], ["--base", "HEAD", "template.yaml"],
        ["HEAD:template.yaml", "template.yaml"], [":template.yaml", "template.yaml"],
        ["HEAD^{/change}:template.yaml", "template.yaml"], ["main:./template.yaml", "./template.yaml"],
    ])
    func revisionAndWorkingTree(arguments: [String]) async throws {
        let folder = try await repository()
        expectOneRouteForAnother(try await folder.diff(arguments))
    }

    @Test(arguments: [
        [], ["template.yaml"], ["--base", "main", "./template.yaml"], ["HEAD:./template.yaml", "template.yaml"],
        ["HEAD:stacks/api/template.yaml", "template.yaml"], [":./template.yaml", "../api/template.yaml"],
    ])
    func subfolder(arguments: [String]) async throws {
        let folder = try await repository(subfolder: "stacks/api/")
        expectOneRouteForAnother(try await folder.diff(arguments, in: "\(folder.path)/stacks/api"))
    }

    @Test func absolutePath() async throws {
        let folder = try await repository()
        expectOneRouteForAnother(try await folder.samovar("diff", "\(folder.path)/template.yaml"))
    }

    @Test func indexAgainstHeadAndBase() async throws {
        let folder = try await repository()
        try await folder.git("add", "template.yaml")
        try folder.write("this is no template", to: "template.yaml")
        expectOneRouteForAnother(try await folder.samovar("diff", "HEAD:template.yaml", ":template.yaml"))
        expectOneRouteForAnother(try await folder.samovar("diff", "--base", "main", ":template.yaml"))
    }

    @Test func twoRevisionsInABareRepository() async throws {
        let folder = try await repository()
        try await folder.commit()
        try await folder.git("clone", "--quiet", "--bare", ".", "../bare.git")
        let ending = try await folder.samovar(
            "diff",
            "HEAD~1:template.yaml",
            "HEAD:template.yaml",
            in: "\(folder.outer)/bare.git"
        )
        expectOneRouteForAnother(ending)
    }

    @Test func worktreeAndGitDir() async throws {
        let folder = try await repository()
        try await folder.commit()
        try await folder.git("worktree", "add", "--quiet", "../other", "HEAD~1")
        let other = "\(folder.outer)/other"
        try Data(Self.template("/a", "/c").utf8).write(to: URL(filePath: "\(other)/template.yaml"))
        expectOneRouteForAnother(try await folder.samovar("diff", in: other))
        let ending = try await folder.samovar(
            "diff",
            "HEAD~1:template.yaml",
            "main:template.yaml",
            in: "/",
            variables: ["GIT_DIR": "\(folder.path)/.git"]
        )
        expectOneRouteForAnother(ending)
    }

    @Test func mergeBaseAndNotTheTipOfTheBranch() async throws {
        let folder = try await repository()
        try await folder.git("checkout", "--quiet", "-b", "topic")
        try await folder.commit("on the topic")
        try await folder.git("checkout", "--quiet", "main")
        try folder.write(Self.template("/a", "/b", "/theirs"), to: "template.yaml")
        try await folder.commit("on main, later")
        try await folder.git("checkout", "--quiet", "topic")
        expectOneRouteForAnother(try await folder.samovar("diff", "--base", "main", "template.yaml"))
    }

    @Test func shallowCloneSaysHowToFetch() async throws {
        let folder = try await repository()
        try await folder.commit()
        try await folder.git("clone", "--quiet", "--depth", "1", "file://\(folder.path)", "../shallow")
        let shallow = "\(folder.outer)/shallow"
        let old = try await folder.samovar("diff", "HEAD~1:template.yaml", "template.yaml", in: shallow)
        #expect(old.status == .exited(1) && old.output == "")
        #expect(old.errors.contains("error: there is no revision 'HEAD~1'"), "\(old.errors)")
        #expect(old.errors.contains("git fetch --unshallow") && old.errors.contains("fetch-depth: 0"))
        // A revision that is there, but whose history is not.
        try await folder.git("checkout", "--quiet", "--orphan", "alone")
        try await folder.commit("another beginning")
        try await folder.git("fetch", "--quiet", "--depth", "1", "origin", "alone:alone", in: shallow)
        let base = try await folder.samovar("diff", "--base", "alone", in: shallow)
        #expect(base.status == .exited(1))
        #expect(base.errors.contains("'alone' and HEAD have no commit in common; the clone is shallow"))
    }

    @Test func filesOfTheRevisionAreReadWithTheTemplate() async throws {
        let folder = try await GitFolder()
        try folder.write(
            """
            Resources:
              Nested:
                Type: AWS::Serverless::Application
                Properties: {Location: shared/nested.yaml}
            """,
            to: "stacks/template.yaml"
        )
        try folder.write(Self.template("/a", timeout: 4), to: "parts/nested.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/stacks/shared",
            withDestinationPath: "../parts"
        )
        try await folder.commit()
        try folder.write(Self.template("/a", timeout: 5), to: "parts/nested.yaml")
        let ending = try await folder.samovar("diff", "HEAD:stacks/template.yaml", "stacks/template.yaml")
        #expect(ending.output.contains("timeoutSeconds: 4 → 5"), "\(ending)")
        #expect(ending.output.hasSuffix("\n1 compatible\n"))
    }

    @Test func settingsAreThoseOfTheRevision() async throws {
        let folder = try await GitFolder()
        let template = Self.template("/a").replacing("Timeout: 3", with: "Timeout: !Ref Seconds")
        try folder.write("Parameters: {Seconds: {Type: Number, Default: 1}}\n" + template, to: "template.yaml")
        func settings(_ seconds: Int) -> String {
            "version = 0.1\n[default.global.parameters]\nparameter_overrides = \"Seconds=\(seconds)\"\n"
        }
        try folder.write(settings(7), to: "samconfig.toml")
        try await folder.commit()
        try folder.write(settings(9), to: "samconfig.toml")
        let own = try await folder.samovar("diff")
        #expect(own.output.contains("timeoutSeconds: 7 → 9"), "\(own)")
        // What the command line says counts for both sides.
        let given = try await folder.samovar("diff", "--parameter-overrides", "Seconds=5")
        #expect(given.output == "no changes\n", "\(given)")
    }

    @Test func fileThatIsNewGoneOrRenamed() async throws {
        let folder = try await repository()
        try await folder.git("mv", "template.yaml", "api.yaml")
        let renamed = try await folder.samovar("diff", "api.yaml")
        #expect(renamed.output.contains("'api.yaml' was 'template.yaml' in HEAD"), "\(renamed)")
        #expect(renamed.output.contains("1 breaking, 1 compatible"))
        let gone = try await folder.samovar("diff", "template.yaml")
        #expect(gone.output.contains("there is no 'template.yaml' any more") && gone.output.contains("api-removed"))
        try folder.write(Self.template("/entirely", "/different", "/from", "/all", timeout: 9), to: "new.yaml")
        let new = try await folder.samovar("diff", "new.yaml")
        #expect(new.output.contains("there is no 'new.yaml' in HEAD: all of it is new"), "\(new)")
        #expect(new.output.contains("6 compatible; 4 weaken security"))
    }

    @Test func linksOutOfTheRepositoryAndSubmodules() async throws {
        let folder = try await repository()
        try Data(Self.template("/out").utf8).write(to: URL(filePath: "\(folder.outer)/outside.yaml"))
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link.yaml",
            withDestinationPath: "../outside.yaml"
        )
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/absolute.yaml",
            withDestinationPath: "\(folder.outer)/outside.yaml"
        )
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/loop", withDestinationPath: "loop")
        try await folder.git("submodule", "--quiet", "add", folder.path, "module")
        try await folder.commit()
        // A revision may be a stranger's, and messages show lines of what was read.
        for link in ["link.yaml", "absolute.yaml"] {
            let outside = try await folder.samovar("diff", "HEAD:\(link)", "\(folder.outer)/outside.yaml")
            #expect(outside.status == .exited(1), "\(outside)")
            #expect(outside.errors.contains("a symbolic link on the way leaves the repository"), "\(outside)")
        }
        let module = try await folder.samovar("diff", "HEAD:module/template.yaml", "template.yaml")
        #expect(module.status == .exited(1) && module.errors.contains("it is in a submodule"), "\(module)")
        let loop = try await folder.samovar("diff", "HEAD:loop", "template.yaml")
        #expect(loop.status == .exited(1) && loop.errors.contains("too many levels of symbolic links"), "\(loop)")
    }

    @Test func fileOfThatVeryNameWins() async throws {
        let folder = try await repository()
        try folder.write(Self.template("/a", "/c"), to: "HEAD:template.yaml")
        let ending = try await folder.samovar("diff", "HEAD:template.yaml", "template.yaml")
        #expect(ending.output == "no changes\n", "\(ending)")
    }

    @Test(arguments: [
        (["nope:template.yaml", "template.yaml"], "there is no revision 'nope' in this repository\n"),
        (["HEAD:nope.yaml", "template.yaml"], "there is no file 'nope.yaml' in 'HEAD'\n"),
        ([":nope.yaml", "template.yaml"], "there is no file 'nope.yaml' in the index\n"),
        (["nope.yaml", "template.yaml"], "there is no file 'nope.yaml'\n"),
        (["\u{1B}[2J\n.yaml", "template.yaml"], "there is no file '<U+001B>[2J<U+000A>.yaml'\n"),
        (["HEAD", "template.yaml"], "name the file in it, too: 'HEAD:template.yaml', or"),
        (["HEAD:src", "template.yaml"], "'HEAD:src' is a folder"), (["src", "template.yaml"], "'src' is a folder"),
        (["HEAD:../x.yaml", "template.yaml"], "'HEAD:../x.yaml' names no file of the repository\n"),
        ([":1:template.yaml", "template.yaml"], "':PATH' is a file of the index\n"),
        (["--base=--output=x"], "there is no revision '--output=x' in this repository\n"),
        (["--base", "origin/main"], "fetch it: 'git fetch origin main'\n"),
        (["/etc/passwd"], "'/etc/passwd' is outside of the repository\n"),
        (["-"], "name the other side, too: 'HEAD:template.yaml' '-'\n"),
        (["HEAD...HEAD"], "a range of git; name a file in both revisions: 'HEAD:template.yaml' 'HEAD:template.yaml'\n"),
        (["HEAD..nope"], "there is no file 'HEAD..nope'\n"),
        (["/dev/null", "/dev/null"], "there is nothing on either side\n"),
    ])
    func whatThereIsNot(arguments: [String], message: String) async throws {
        let ending = try await (try await repository()).diff(arguments)
        #expect(ending.status == .exited(1) && ending.output == "")
        #expect(ending.errors.hasPrefix("error: ") && ending.errors.contains(message), "\(ending.errors)")
    }

    @Test func noRepositoryAndNoCommit() async throws {
        let plain = try await GitFolder(isRepository: false)
        try plain.write(Self.template("/a"), to: "template.yaml")
        let outside = try await plain.samovar("diff", variables: ["GIT_CEILING_DIRECTORIES": plain.outer])
        #expect(outside.status == .exited(1) && outside.errors.contains("not a git repository"), "\(outside)")
        let empty = try await GitFolder()
        try empty.write(Self.template("/a"), to: "template.yaml")
        let unborn = try await empty.samovar("diff")
        #expect(unborn.status == .exited(1) && unborn.errors.hasPrefix("error: the repository has no commit yet; "))
        #expect(unborn.errors.contains("'samovar diff /dev/null FILE'"), "\(unborn)")
        let files = try await empty.samovar("diff", "template.yaml", "/dev/null", variables: ["PATH": "/nowhere"])
        #expect(files.status == .exited(0), "files need no git: \(files.errors)")
        let noGit = try await empty.samovar("diff", variables: ["PATH": "/nowhere"])
        #expect(noGit.status == .exited(1) && noGit.errors.contains("'git' is not on PATH"), "\(noGit)")
    }

    @Test func errorsOfARevisionNameIt() async throws {
        let folder = try await repository()
        try folder.write("Resources: [", to: "template.yaml")
        try await folder.commit()
        let ending = try await folder.samovar("diff", "HEAD~1:template.yaml", "HEAD:template.yaml")
        #expect(ending.status == .exited(1) && ending.output == "")
        #expect(ending.errors.hasPrefix("HEAD:template.yaml:2:1: error: "), "\(ending.errors)")
        #expect(ending.errors.hasSuffix("'HEAD:template.yaml' cannot be compiled, so there is nothing to compare\n"))
    }
}

extension GitFolder {
    /// Runs `samovar diff`.
    fileprivate func diff(_ arguments: [String], in folder: String? = nil) async throws -> Program.Ending {
        try await samovar(["diff"] + arguments, in: folder)
    }
}
