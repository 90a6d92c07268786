// The unified format, hunk by hunk.

import Diagnostics
import Testing

struct LineDifferenceTests {
    private func unified(_ old: String, _ new: String) -> String {
        LineDifference.unified(old, new, names: ("a", "b"))
    }

    @Test func isEmptyForEqualTexts() {
        #expect(unified("a\n", "a\n") == "")
        #expect(unified("", "") == "")
    }

    @Test func showsContextAndPlaces() {
        let old = (1...20).map { "\($0)\n" }.joined()
        let new = old.replacing("10\n", with: "ten\n").replacing("20\n", with: "")
        let expected = """
            --- a
            +++ b
            @@ -7,7 +7,7 @@
             7
             8
             9
            -10
            +ten
             11
             12
             13
            @@ -17,4 +17,3 @@
             17
             18
             19
            -20

            """
        #expect(unified(old, new) == expected)
    }

    @Test func writesTheWholeOfANewText() {
        #expect(unified("", "a\nb\n") == "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(unified("a\n", "") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n")
    }

    @Test func showsAMissingLineFeed() {
        let expected = "--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"
        #expect(unified("a", "a\n") == expected)
    }
}
