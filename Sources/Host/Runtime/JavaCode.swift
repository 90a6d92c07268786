// Java code as a function brings it: its class path, and the runtime interface client in it.

/// The classes and archives of a Java function and its layers.
struct JavaCode {
    /// The class of AWS's runtime interface client that asks the Runtime API for events and calls the handler.
    private static let mainClass = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
    private static let clientArchive = "aws-lambda-java-runtime-interface-client"

    /// Files that say how classes are made, and stand beside the sources.
    private static let builds = ["pom.xml", "build.gradle", "build.gradle.kts"]

    /// What the class path consists of, in the order in which Lambda looks for classes: the folder of the code, the
    /// archives in its `lib`, those in `java/lib` of the layers, each by name (Lambda developer guide, "Java class
    /// loading").
    let classPath: [String]
    let hasClient: Bool

    /// - Parameters:
    ///   - directory: the folder of the code.
    ///   - layers: the folders of the layers, the first that is looked into first.
    init(directory: String, layers: [String]) {
        let archives = (["\(directory)/lib"] + layers.map { "\($0)/java/lib" }).flatMap { folder in
            Folder.names(in: folder).filter { $0.hasSuffix(".jar") }.map { (folder: folder, name: $0) }
        }
        classPath = [directory] + archives.map { "\($0.folder)/\($0.name)" }
        let mainFile = Self.mainClass.split(separator: ".").joined(separator: "/")
        hasClient =
            archives.contains { $0.name.hasPrefix(Self.clientArchive) }
            || Folder.hasFile("\(directory)/\(mainFile).class")
    }

    /// The words after `java`.
    ///
    /// - Throws: `FunctionFailure` that says what the build must add.
    func arguments(function: String, handler: String) throws(FunctionFailure) -> [String] {
        guard hasClient else {
            if let build = Self.builds.first(where: { Folder.hasFile("\(classPath[0])/\($0)") }) {
                throw .unstartable(
                    type: "Runtime.InvalidEntrypoint",
                    message: "the function '\(function)' has not been built: its folder holds '\(build)' and no "
                        + "classes; add 'com.amazonaws:\(Self.clientArchive)' to the dependencies and run 'sam build', "
                        + "or let 'CodeUri' name what your own build makes"
                )
            }
            throw .unstartable(
                type: "Runtime.InvalidEntrypoint",
                message: "the function '\(function)' brings no runtime interface client; add "
                    + "'com.amazonaws:\(Self.clientArchive)' to the dependencies of its Maven or Gradle build, so that "
                    + "its archive is in 'lib' beside the classes"
            )
        }
        return ["-cp", classPath.joined(separator: ":"), Self.mainClass, handler]
    }
}
