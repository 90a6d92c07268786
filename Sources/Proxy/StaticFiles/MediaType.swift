// The media types of files by their extensions.

/// The media type that a file is served with.
enum MediaType {
    /// The type by the extension, without regard to case; bytes where it is not known.
    static func ofFile(_ path: [UInt8]) -> StaticString {
        guard let dot = path.lastIndex(of: UInt8(ascii: ".")), path.count - dot <= 12,
            !path[dot...].contains(UInt8(ascii: "/"))
        else { return unknown }
        return types[String(decoding: path[(dot + 1)...].map(\.lowercased), as: UTF8.self)] ?? unknown
    }

    private static let unknown: StaticString = "application/octet-stream"

    private static let types: [String: StaticString] = [
        "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
        "json": "application/json", "map": "application/json", "jsonld": "application/ld+json",
        "webmanifest": "application/manifest+json", "xml": "application/xml", "xhtml": "application/xhtml+xml",
        "txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8",
        "yaml": "application/yaml", "yml": "application/yaml", "ics": "text/calendar; charset=utf-8",
        "vtt": "text/vtt; charset=utf-8", "pdf": "application/pdf", "rtf": "application/rtf",
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "webp": "image/webp", "avif": "image/avif", "ico": "image/vnd.microsoft.icon", "bmp": "image/bmp",
        "tif": "image/tiff", "tiff": "image/tiff", "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf",
        "otf": "font/otf", "mp3": "audio/mpeg", "wav": "audio/wav", "oga": "audio/ogg", "ogg": "audio/ogg",
        "weba": "audio/webm", "aac": "audio/aac", "mp4": "video/mp4", "webm": "video/webm", "ogv": "video/ogg",
        "mpeg": "video/mpeg", "avi": "video/x-msvideo", "wasm": "application/wasm", "zip": "application/zip",
        "gz": "application/gzip", "tar": "application/x-tar", "epub": "application/epub+zip",
    ]
}
