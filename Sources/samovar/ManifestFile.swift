// Files that may be a manifest or a template: which of them, and what serves in the end.

internal import Compiler
internal import JSON
internal import Manifest

/// What a file turned out to be.
enum ManifestFile {
    /// A manifest, as it is written, and whether that is in ASCII.
    case manifest(Manifest, isASCII: Bool)
    /// A template, and what the compiler made of it.
    case template(Compilation)

    /// Larger manifests are not read.
    private static let maximumBytes = 64 << 20
    /// Larger templates are for the compiler to refuse.
    private static let maximumTemplateBytes = 5 << 20

    /// Reads the file that options name: a manifest where it has the member that every manifest begins with, else a
    /// template.
    ///
    /// - Parameter options: what to read, and how to compile it should it be a template.
    /// - Throws: `CommandError` for a manifest that is no usable one.
    init(_ options: CompilerOptions) throws(CommandError) {
        let bytes = Self.bytes(options)
        guard let bytes, Self.isManifest(bytes) else {
            var options = options
            // A pipe, such as that of `<(…)` in a shell, can be read once only.
            if let bytes, bytes.count <= Self.maximumTemplateBytes { options.contents[options.template] = bytes }
            self = .template(Compiler.compile(options))
            return
        }
        do throws(ManifestError) { self = .manifest(try Manifest(parsing: bytes), isASCII: Self.isASCII(bytes)) } catch
        {
            throw CommandError("'\(options.template)' is no usable manifest: \(error)")
        }
    }

    private static func bytes(_ options: CompilerOptions) -> [UInt8]? {
        if let bytes = options.contents[options.template] { return bytes }
        // What cannot be read is the compiler's to report.
        guard case .file(let bytes) = options.files.read(options.template, limit: maximumBytes) else { return nil }
        return bytes.count <= maximumBytes ? bytes : nil
    }

    /// Whether no text in it can be anything but ASCII: no byte is, and no escape may be.
    private static func isASCII(_ bytes: [UInt8]) -> Bool {
        var last: UInt8 = 0
        for byte in bytes {
            if byte >= 0x80 || (byte == UInt8(ascii: "u") && last == UInt8(ascii: "\\")) { return false }
            last = byte
        }
        return true
    }

    private static func isManifest(_ bytes: [UInt8]) -> Bool {
        func skip(_ index: Int) -> Int {
            bytes[index...].firstIndex { !" \t\r\n".utf8.contains($0) } ?? bytes.endIndex
        }
        let start = skip(0)
        guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "{") else { return false }
        // Ours begins with it; one that a person wrote may have it anywhere.
        if bytes[skip(start + 1)...].starts(with: Array("\"manifest\"".utf8)) { return true }
        return (try? JSONParser.parse(bytes))?["manifest"] != nil
    }
}
