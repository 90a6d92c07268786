// Texts in columns: how wide a terminal shows them, and how long ones are cut.

extension String {
    /// The columns that a terminal gives it; it must be `visible`.
    package var displayWidth: Int {
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : DisplayLine(self).width
    }

    /// The text with blanks behind it, up to a width in columns.
    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - displayWidth)) }

    /// The text in at most `width` columns: what is too long loses its middle, where `…` stands instead.
    package func shortened(to width: Int) -> String {
        guard displayWidth > width else { return self }
        let scalars = Array(unicodeScalars)
        let room = max(0, width - 1)
        var head = String.UnicodeScalarView()
        var used = 0
        for scalar in scalars {
            let next = used + String(scalar).displayWidth
            if next > (room + 1) / 2 { break }
            head.append(scalar)
            used = next
        }
        var tail: [Unicode.Scalar] = []
        for scalar in scalars.reversed() {
            let next = used + String(scalar).displayWidth
            if next > room { break }
            tail.append(scalar)
            used = next
        }
        return String(head) + "…" + String(String.UnicodeScalarView(tail.reversed()))
    }
}
