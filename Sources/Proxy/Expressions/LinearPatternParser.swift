// Regular expressions as Java and ECMAScript both read them; what they read differently is an error.

/// Reads the text of an expression.
struct LinearPatternParser {
    typealias Node = LinearPattern.Node
    typealias Failure = LinearPattern.Failure

    /// How deep groups may nest.
    private static let depthLimit = 50
    /// The largest number of a counted repetition.
    private static let countLimit = 1_000

    private let text: [Unicode.Scalar]
    private var position = 0
    private var ignoresCase = false
    private var dotTakesAll = false

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    /// - Throws: `LinearPattern.Failure` for what is no expression, or is not supported.
    mutating func parse() throws(Failure) -> Node {
        try readFlags()
        let node = try choice(depth: 0)
        guard position == text.count else { throw Failure("a ')' closes nothing") }
        return node
    }

    private var scalar: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard scalar == wanted else { return false }
        position += 1
        return true
    }

    private mutating func take(_ wanted: String) -> Bool {
        let scalars = Array(wanted.unicodeScalars)
        guard position + scalars.count <= text.count, text[position..<position + scalars.count].elementsEqual(scalars)
        else { return false }
        position += scalars.count
        return true
    }

    private func set(_ set: ScalarSet) -> Node { .set(ignoresCase ? set.ignoringCase : set) }

    /// `(?i)` and `(?s)` at the beginning count for the whole.
    private mutating func readFlags() throws(Failure) {
        while text.count >= position + 4, text[position] == "(", text[position + 1] == "?",
            "is".unicodeScalars.contains(text[position + 2])
        {
            guard let end = text[position...].firstIndex(of: ")") else { return }
            for flag in text[(position + 2)..<end] {
                switch flag {
                case "i": ignoresCase = true
                case "s": dotTakesAll = true
                default: throw Failure("of flags only 'i' and 's' at the beginning are supported")
                }
            }
            position = end + 1
        }
    }

    // MARK: Structure

    private mutating func choice(depth: Int) throws(Failure) -> Node {
        guard depth <= Self.depthLimit else { throw Failure("groups nest deeper than \(Self.depthLimit) levels") }
        var choices = [try sequence(depth: depth)]
        while take("|") { choices.append(try sequence(depth: depth)) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence(depth: Int) throws(Failure) -> Node {
        var nodes: [Node] = []
        while let scalar, scalar != "|", scalar != ")" {
            nodes.append(try repeated(try atom(depth: depth)))
        }
        return .sequence(nodes)
    }

    private mutating func repeated(_ node: Node) throws(Failure) -> Node {
        var counts: (minimum: Int, maximum: Int?)?
        switch scalar {
        case "*": counts = (0, nil)
        case "+": counts = (1, nil)
        case "?": counts = (0, 1)
        case "{": counts = try readCounts()
        default: return node
        }
        guard let counts else { return node }
        // The sign, or the brace that closes the counts.
        position += 1
        // What a lazy repetition takes first makes no difference to whether there is a match.
        _ = take("?")
        if let scalar, "*+?{".unicodeScalars.contains(scalar) {
            throw Failure("a repetition of a repetition, or one that gives nothing back, is not supported")
        }
        return .repetition(node, minimum: counts.minimum, maximum: counts.maximum)
    }

    /// `{2}`, `{2,}` or `{2,5}`, up to the closing brace; nil for a brace that is a character.
    private mutating func readCounts() throws(Failure) -> (minimum: Int, maximum: Int?)? {
        let start = position
        position += 1
        guard let minimum = try number() else {
            position = start
            return nil
        }
        var maximum: Int? = minimum
        if take(",") { maximum = try number() }
        guard scalar == "}" else {
            position = start
            return nil
        }
        if let maximum, maximum < minimum { throw Failure("a repetition's range is the wrong way round") }
        return (minimum, maximum)
    }

    private mutating func number() throws(Failure) -> Int? {
        var value: Int?
        while let digit = scalar, (48...57).contains(digit.value) {
            value = (value ?? 0) * 10 + Int(digit.value - 48)
            position += 1
            guard (value ?? 0) <= Self.countLimit else {
                throw Failure("more than \(Self.countLimit) repetitions are not supported")
            }
        }
        return value
    }

    private mutating func atom(depth: Int) throws(Failure) -> Node {
        guard let first = scalar else { throw Failure("the pattern ends too early") }
        position += 1
        switch first {
        case "(": return try group(depth: depth)
        case "[": return set(try characterClass())
        case ".": return .set(dotTakesAll ? .everything : .inLine)
        case "^": return .condition(.start)
        case "$": return .condition(.end)
        case "\\": return try escape()
        case "*", "+", "?": throw Failure("'\(first)' repeats nothing")
        default: return set(ScalarSet(first.value))
        }
    }

    private mutating func group(depth: Int) throws(Failure) -> Node {
        if text.count > position + 1, text[position] == "?", "=!".unicodeScalars.contains(text[position + 1]) {
            let isNegated = text[position + 1] == "!"
            position += 2
            let node = try choice(depth: depth + 1)
            guard take(")") else { throw Failure("a '(' is not closed") }
            return .look(node, isNegated: isNegated)
        }
        if take("?"), !take(":") {
            let isNamed = take("<") || take("P<")
            guard isNamed, scalar != "=", scalar != "!", let end = text[position...].firstIndex(of: ">") else {
                throw Failure("groups that begin with '(?' and look behind, or set flags, are not supported")
            }
            position = end + 1
        }
        let node = try choice(depth: depth + 1)
        guard take(")") else { throw Failure("a '(' is not closed") }
        return node
    }

    // MARK: Characters

    private mutating func escape() throws(Failure) -> Node {
        switch scalar {
        case "b": return condition(.wordBoundary)
        case "B": return condition(.noWordBoundary)
        case "A": return condition(.start)
        case "z": return condition(.end)
        default: return set(try escapedSet())
        }
    }

    private mutating func condition(_ condition: LinearPattern.Condition) -> Node {
        position += 1
        return .condition(condition)
    }

    /// What stands behind a backslash, within a class or outside.
    private mutating func escapedSet() throws(Failure) -> ScalarSet {
        guard let kind = scalar else { throw Failure("a backslash ends the pattern") }
        position += 1
        switch kind {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .words
        case "W": return ScalarSet.words.inverted
        case "s": return .spaces
        case "S": return ScalarSet.spaces.inverted
        case "t": return ScalarSet(9)
        case "n": return ScalarSet(10)
        case "r": return ScalarSet(13)
        case "f": return ScalarSet(12)
        case "x": return ScalarSet(try hexadecimal(digits: 2))
        case "u": return ScalarSet(try hexadecimal(digits: 4))
        case "1"..."9": throw Failure("references back to groups are not supported")
        case "0", "a"..."z", "A"..."Z": throw Failure("'\\\(kind)' is not supported")
        default: return ScalarSet(kind.value)
        }
    }

    private mutating func hexadecimal(digits: Int) throws(Failure) -> UInt32 {
        let end = position + digits
        guard end <= text.count, text[position..<end].allSatisfy(\.properties.isASCIIHexDigit),
            let value = UInt32(String(String.UnicodeScalarView(text[position..<end])), radix: 16)
        else { throw Failure("\(digits) hexadecimal digits are missing") }
        position = end
        return value
    }

    private mutating func characterClass() throws(Failure) -> ScalarSet {
        let isNegated = take("^")
        var set = ScalarSet()
        guard scalar != "]" else { throw Failure("'[]' is not supported: escape the bracket") }
        while true {
            guard let first = scalar else { throw Failure("a '[' is not closed") }
            if take("]") { break }
            guard first != "[", !take("&&") else {
                throw Failure("classes within classes are not supported: escape '[' and '&'")
            }
            let (low, isScalar) = try classElement()
            guard isScalar, scalar == "-", position + 1 < text.count, text[position + 1] != "]" else {
                set.formUnion(low.set)
                continue
            }
            position += 1
            guard scalar != "[" else { throw Failure("classes within classes are not supported: escape '['") }
            let (high, endsInScalar) = try classElement()
            guard endsInScalar, low.scalar <= high.scalar else {
                throw Failure("a range of characters is the wrong way round")
            }
            set.insert(low.scalar...high.scalar)
        }
        let cased = ignoresCase ? set.ignoringCase : set
        return isNegated ? cased.inverted : cased
    }

    private mutating func classElement() throws(Failure) -> ((set: ScalarSet, scalar: UInt32), isScalar: Bool) {
        guard let first = scalar else { throw Failure("a '[' is not closed") }
        guard first == "\\" else {
            position += 1
            return ((ScalarSet(first.value), first.value), true)
        }
        position += 1
        if take("b") { throw Failure("'\\b' within a class is not supported") }
        let set = try escapedSet()
        guard let scalar = set.onlyScalar else { return ((set, 0), false) }
        return ((set, scalar), true)
    }
}
