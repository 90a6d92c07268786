// The path that is matched, and how it comes from the path that was sent.

/// Makes the canonical path of a request for one kind of API.
package enum RoutePath {
    /// For a REST API: as it was sent, never decoded, but without repeated slashes before it and slashes behind it,
    /// which do not count for matching (recorded behaviour).
    ///
    /// - Returns: the part of `path` to match; it begins with a slash.
    package static func rest(_ path: UnsafeRawBufferPointer) -> Range<Int> {
        var start = 0
        while start + 1 < path.count, path[start + 1] == UInt8(ascii: "/") { start += 1 }
        return start..<start + endWithoutSlashes(path.slice(start, path.count))
    }

    /// Where a path ends without the slashes behind it; a path of slashes keeps the first.
    package static func endWithoutSlashes(_ path: UnsafeRawBufferPointer) -> Int {
        var end = path.count
        while end > 1, path[end - 1] == UInt8(ascii: "/") { end -= 1 }
        return end
    }

    /// The path from an offset on; where nothing is left it is the root.
    package static func from(_ start: Int, _ path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard start > 0 else { return path }
        if start < path.count { return path.slice(start, path.count) }
        let root: StaticString = "/"
        return UnsafeRawBufferPointer(start: root.utf8Start, count: 1)
    }

    /// For an HTTP API: percent-decoded once, encoded slashes included.
    ///
    /// - Returns: nil where there is nothing to decode.
    package static func http(_ path: UnsafeRawBufferPointer) -> [UInt8]? {
        path.firstIndex(of: UInt8(ascii: "%"), from: 0) == nil ? nil : PercentEncoding.decode(path, plusIsSpace: false)
    }

    /// Whether a segment is `.` or `..`, encoded or not, which the server behind may resolve to another path.
    package static func hasDotSegment(_ path: UnsafeRawBufferPointer) -> Bool {
        PercentEncoding.decode(path, plusIsSpace: false)
            .split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
            .contains { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
    }
}
