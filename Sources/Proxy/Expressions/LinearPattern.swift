// Regular expressions whose matching takes time in proportion to the text, whatever the expression is.

/// A regular expression from a template, matched against what clients send.
///
/// It is run as all its alternatives at once (Thompson 1968), so that no text makes it try ways one after another.
/// A look ahead runs anew at each place that it is met at, and so is counted. What cannot be matched so, such as a
/// reference back or a look behind, is not supported.
struct LinearPattern: Sendable {
    /// Why a text is no expression, or none that is supported.
    struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// A part of an expression.
    indirect enum Node: Sendable {
        case set(ScalarSet)
        case condition(Condition)
        case sequence([Node])
        case choice([Node])
        case repetition(Node, minimum: Int, maximum: Int?)
        case look(Node, isNegated: Bool)
    }

    /// What is asked of a place and takes no character.
    enum Condition { case start, end, wordBoundary, noWordBoundary }

    private enum Instruction {
        case match
        case set(ScalarSet)
        case condition(Condition)
        case split(Int, Int)
        case jump(Int)
        /// Goes on where what begins at `start` is found to follow, or is not.
        case look(start: Int, isNegated: Bool)
    }

    /// The longest expression, in bytes.
    static let lengthLimit = 4_096
    /// How many instructions an expression may become; a text costs so many steps a character at most.
    private static let programLimit = 4_000
    /// How many steps a text may take where nobody says otherwise; one that takes more is not matched. They hold an event
    /// loop up for some hundredths of a second.
    static let ordinaryBudget = 5_000_000

    private var program: [Instruction] = []
    /// How many parts have been compiled: those that become nothing count too.
    private var parts = 0
    /// What is looked ahead for, which is compiled behind everything else.
    private var looks: [(place: Int, node: Node)] = []

    /// - Throws: `Failure` for what is no expression, is not supported, or is too large.
    init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.lengthLimit else {
            throw Failure("a pattern is at most \(Self.lengthLimit) bytes long")
        }
        var parser = LinearPatternParser(text)
        try compile(try parser.parse())
        try append(.match)
        while let (place, node) = looks.popLast() {
            guard case .look(_, let isNegated) = program[place] else { continue }
            program[place] = .look(start: program.count, isNegated: isNegated)
            try compile(node)
            try append(.match)
        }
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
        case .look(let node, let isNegated):
            looks.append((program.count, node))
            try append(.look(start: 0, isNegated: isNegated))
        }
    }

    // MARK: Matching

    /// Whether the expression takes a text from its beginning to its end.
    func matchesWhole(_ text: String) -> Bool {
        var budget = Self.ordinaryBudget
        return matchesWhole(text, budget: &budget)
    }

    /// Whether the expression takes a part of a text.
    func isFound(in text: String) -> Bool {
        var budget = Self.ordinaryBudget
        return isFound(in: text, budget: &budget)
    }

    /// Whether the expression takes a text from its beginning to its end.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - budget: how many steps may still be taken; below 0 where they were not enough, and then nothing is matched.
    /// - Returns: whether it does.
    func matchesWhole(_ text: String, budget: inout Int) -> Bool {
        guard budget >= 0 else { return false }
        let isMatched = run(from: 0, text.unicodeScalars.map(\.value), at: 0, isWhole: true, isSearch: false, &budget)
        return isMatched && budget >= 0
    }

    /// Whether the expression takes a part of a text; see `matchesWhole(_:budget:)` for the budget.
    func isFound(in text: String, budget: inout Int) -> Bool {
        guard budget >= 0 else { return false }
        let isMatched = run(from: 0, text.unicodeScalars.map(\.value), at: 0, isWhole: false, isSearch: true, &budget)
        return isMatched && budget >= 0
    }

    /// - Parameters:
    ///   - start: the first instruction.
    ///   - text: the scalars of the text.
    ///   - begin: the place in the text that the match begins at.
    ///   - isWhole: whether the match has to reach the end of the text.
    ///   - isSearch: whether it may begin later, too.
    ///   - budget: how many steps may still be taken.
    /// - Returns: whether there is a match.
    private func run(
        from start: Int,
        _ text: [UInt32],
        at begin: Int,
        isWhole: Bool,
        isSearch: Bool,
        _ budget: inout Int
    ) -> Bool {
        // What it costs to begin, which a look ahead does again and again.
        budget -= program.count / 8
        guard budget >= 0 else { return false }
        // The place in the text, counted from 1, at which an instruction was last reached.
        var reached = [Int](repeating: 0, count: program.count)
        var current: [Int] = []
        var next: [Int] = []
        var stack: [Int] = []
        var isMatched = false

        func follow(_ first: Int, at position: Int, into threads: inout [Int]) {
            stack.append(first)
            while let place = stack.popLast() {
                budget -= 1
                guard reached[place] != position + 1, budget >= 0 else { continue }
                reached[place] = position + 1
                switch program[place] {
                case .jump(let target): stack.append(target)
                case .split(let one, let other):
                    stack.append(one)
                    stack.append(other)
                case .condition(let condition):
                    if Self.holds(condition, in: text, at: position) { stack.append(place + 1) }
                case .look(let start, let isNegated):
                    let follows = run(from: start, text, at: position, isWhole: false, isSearch: false, &budget)
                    if follows != isNegated { stack.append(place + 1) }
                case .match: if !isWhole || position == text.count { isMatched = true }
                case .set: threads.append(place)
                }
            }
        }

        follow(start, at: begin, into: &current)
        for position in begin..<text.count {
            if isMatched { return true }
            if !isSearch, current.isEmpty { return false }
            guard budget >= 0 else { return false }
            budget -= current.count
            next.removeAll(keepingCapacity: true)
            for place in current {
                if case .set(let set) = program[place], set.contains(text[position]) {
                    follow(place + 1, at: position + 1, into: &next)
                }
            }
            if isSearch { follow(start, at: position + 1, into: &next) }
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
