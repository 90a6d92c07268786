// A layer of a function, and where its content may be on this machine.

/// A folder or an archive, or what only AWS has, unless somebody has put it into the cache.
package struct Layer: Hashable, Sendable {
    /// The folder or the archive as an absolute path; nil for a layer that has no place here.
    let path: String?
    /// The name of a layer that only AWS has.
    let arn: String?

    init(path: String, arn: String?) {
        self.path = path
        self.arn = arn
    }

    /// - Parameters:
    ///   - arn: the ARN of a version of a layer.
    ///   - cache: the folder of the cache, where it is at `REGION/ACCOUNT/NAME/VERSION`; nil where there is none.
    init(arn: String, cache: String?) {
        self.arn = arn
        path = cache.flatMap { cache in Self.cacheKey(arn).map { "\(cache)/\($0)" } }
    }

    /// Where the content may be: the folder or archive, or in the cache a folder or, beside it, an archive.
    var places: [String] {
        guard let path else { return [] }
        return arn == nil ? [path] : [path, path + ".zip"]
    }

    /// `REGION/ACCOUNT/NAME/VERSION` of `arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION`; nil for any other text.
    private static func cacheKey(_ arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 8, parts[0] == "arn", parts[2] == "lambda", parts[5] == "layer" else { return nil }
        let key = [parts[3], parts[4], parts[6], parts[7]]
        // What is a path from here on must not lead anywhere else.
        let isName = { (text: Substring) in
            !text.isEmpty && text.utf8.count <= 140
                && text.utf8.allSatisfy {
                    (0x30...0x39) ~= $0 || (0x41...0x5A) ~= $0 || (0x61...0x7A) ~= $0 || $0 == 0x2D || $0 == 0x5F
                }
        }
        return key.allSatisfy(isName) ? key.joined(separator: "/") : nil
    }

    /// How the user can put the content where it is looked for; nil for a layer that is not in AWS or has no place.
    var remedy: String? {
        guard let arn, let path else { return nil }
        return "mkdir -p '\(Folder.parent(of: path))' && url=$(aws lambda get-layer-version-by-arn --arn '\(arn)' "
            + "--query Content.Location --output text) && curl -fsSo '\(path).zip' \"$url\""
    }
}
