// Published JSON Schemas, held against files by a validator that is not ours.

internal import Foundation

/// Runs the validator of Python's `jsonschema`.
package enum JSONSchema {
    /// What a run of the validator came to.
    package struct Verdict: Sendable {
        /// 0 where every file is valid, 1 where one is not, 3 where there is no validator.
        package let status: Int32
        /// A line for each fault: the file, the pointer and what is wrong.
        package let output: String
    }

    private static let program = """
        import json, sys
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            print("python3 has no module 'jsonschema'; scripts/bootstrap installs it")
            sys.exit(3)
        schema = json.load(open(sys.argv[1]))
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        bad = 0
        for name in sys.argv[2:]:
            for error in validator.iter_errors(json.load(open(name))):
                bad += 1
                print(name, "/" + "/".join(str(part) for part in error.absolute_path), error.message)
        sys.exit(1 if bad else 0)
        """

    /// Holds files against a schema.
    ///
    /// - Parameters:
    ///   - files: the paths of the files.
    ///   - schema: the schema, relative to the folder of the package.
    /// - Returns: the verdict.
    /// - Throws: where the validator cannot be run.
    package static func validate(_ files: [String], against schema: String) throws -> Verdict {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let schema = Golden.root.appending(path: schema).path(percentEncoded: false)
        process.arguments = ["python3", "-c", program, schema] + files
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Verdict(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
