// Regular expressions whose matching takes time in proportion to the text, whatever the expression is.

/// A regular expression from a template, matched against what clients send.
///
/// It is run as all its alternatives at once (Thompson 1968), so that no text makes it try ways one after another.
/// What cannot be matched so, such as a reference back or a look around, is not supported.
struct LinearPattern: Sendable {
    /// Why a text is no expression, or none that is supported.
    struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// A part of an expression.
    indirect enum Node {
        case set(ScalarSet)
        case condition(Condition)
        case sequence([Node])
        case choice([Node])
        case repetition(Node, minimum: Int, maximum: Int?)
    }

    /// What is asked of a place and takes no character.
    enum Condition { case start, end, wordBoundary, noWordBoundary }

    private enum Instruction {
        case match
        case set(ScalarSet)
        case condition(Condition)
        case split(Int, Int)
        case jump(Int)
    }

    /// The longest expression, in bytes.
    static let lengthLimit = 4_096
    /// How many instructions an expression may become; a text costs so many steps a character at most.
    private static let programLimit = 4_000

    private var program: [Instruction] = []
    /// How many parts have been compiled: those that become nothing count too.
    private var parts = 0

    /// - Throws: `Failure` for what is no expression, is not supported, or is too large.
    init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.lengthLimit else {
            throw Failure("a pattern is at most \(Self.lengthLimit) bytes long")
        }
        var parser = LinearPatternParser(text)
        try compile(try parser.parse())
        try append(.match)
    }

    // MARK: Compiling

    private mutating func append(_ instruction: Instruction) throws(Failure) {
        guard program.count < Self.programLimit else { throw Failure("the pattern repeats too much") }
        program.append(instruction)
    }

    private mutating func compile(_ node: Node) throws(Failure) {
        parts += 1
        guard parts < 4 * Self.programLimit else { throw Failure("the pattern repeats too much") }
        switch node {
        case .set(let set): try append(.set(set))
        case .condition(let condition): try append(.condition(condition))
        case .sequence(let nodes): for node in nodes { try compile(node) }
        case .choice(let nodes):
            var ends: [Int] = []
            for node in nodes.dropLast() {
                let split = program.count
                try append(.split(split + 1, 0))
                try compile(node)
                ends.append(program.count)
                try append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            if let last = nodes.last { try compile(last) }
            for end in ends { program[end] = .jump(program.count) }
        case .repetition(let node, let minimum, let maximum):
            for _ in 0..<minimum { try compile(node) }
            guard let maximum else {
                let split = program.count
                try append(.split(split + 1, 0))
                try compile(node)
                try append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return
            }
            var splits: [Int] = []
            for _ in minimum..<max(minimum, maximum) {
                splits.append(program.count)
                try append(.split(program.count + 1, 0))
                try compile(node)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }

    // MARK: Matching

    /// Whether the expression takes a text from its beginning to its end.
    func matchesWhole(_ text: String) -> Bool { run(text.unicodeScalars.map(\.value), isWhole: true) }

    /// Whether the expression takes a part of a text.
    func isFound(in text: String) -> Bool { run(text.unicodeScalars.map(\.value), isWhole: false) }

    private func run(_ text: [UInt32], isWhole: Bool) -> Bool {
        // The place in the text, counted from 1, at which an instruction was last reached.
        var reached = [Int](repeating: 0, count: program.count)
        var current: [Int] = []
        var next: [Int] = []
        var stack: [Int] = []
        var isMatched = false

        func follow(_ first: Int, at position: Int, into threads: inout [Int]) {
            stack.append(first)
            while let place = stack.popLast() {
                guard reached[place] != position + 1 else { continue }
                reached[place] = position + 1
                switch program[place] {
                case .jump(let target): stack.append(target)
                case .split(let one, let other):
                    stack.append(one)
                    stack.append(other)
                case .condition(let condition):
                    if Self.holds(condition, in: text, at: position) { stack.append(place + 1) }
                case .match: if !isWhole || position == text.count { isMatched = true }
                case .set: threads.append(place)
                }
            }
        }

        follow(0, at: 0, into: &current)
        for position in 0..<text.count {
            if isMatched { return true }
            if isWhole, current.isEmpty { return false }
            next.removeAll(keepingCapacity: true)
            for place in current {
                if case .set(let set) = program[place], set.contains(text[position]) {
                    follow(place + 1, at: position + 1, into: &next)
                }
            }
            if !isWhole { follow(0, at: position + 1, into: &next) }
            swap(&current, &next)
        }
        return isMatched
    }

    private static func holds(_ condition: Condition, in text: [UInt32], at position: Int) -> Bool {
        switch condition {
        case .start: return position == 0
        case .end: return position == text.count
        case .wordBoundary, .noWordBoundary:
            let before = position > 0 && ScalarSet.words.contains(text[position - 1])
            let after = position < text.count && ScalarSet.words.contains(text[position])
            return (before != after) == (condition == .wordBoundary)
        }
    }
}
