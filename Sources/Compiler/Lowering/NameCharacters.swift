// The characters of names in AWS that this compiler has to tell apart.

extension String {
    /// Whether it is made of letters and digits of ASCII, hyphens and underscores, and is not empty.
    var isMadeOfNameCharacters: Bool {
        !isEmpty
            && unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains(scalar))
            }
    }
}
