// Regular expressions: what they take, what is refused, and that no text makes them slow.

import Testing

@testable import Proxy

@Suite("Regular expressions that take linear time")
struct LinearPatternTests {
    @Test(
        "A4: a pattern takes a text whole or not at all",
        arguments: [
            ("abc", "abc", true), ("abc", "abcd", false), ("abc", "xabc", false), ("", "", true), ("", "a", false),
            ("^Bearer [-0-9a-zA-Z._]*$", "Bearer abc.def-1_2", true), ("^Bearer [-0-9a-zA-Z._]*$", "bearer abc", false),
            ("Bearer [A-Za-z0-9\\-._~+/]+=*", "Bearer a+/b==", true), ("a|bc", "bc", true), ("a|bc", "ac", false),
            ("(a|b)*c", "ababc", true), ("(?:ab)+", "abab", true), ("(?:ab)+", "aba", false),
            ("(?<name>x)y", "xy", true), ("(?P<name>x)y", "xy", true), ("a{2}", "aa", true), ("a{2}", "aaa", false),
            ("a{2,}", "aaaa", true), ("a{2,}", "a", false), ("a{1,3}", "aaa", true), ("a{1,3}", "aaaa", false),
            ("a{0}", "", true), ("x{a", "x{a", true), ("a+?b??", "aab", true), ("[^a-c]", "d", true),
            ("[^a-c]", "b", false), ("[\\w-]+", "a-b", true), ("[a\\]]+", "]a", true), ("[\\d-z]+", "5-z", true),
            ("[^\\D5]", "4", true), ("[^\\D5]", "5", false), ("[\\D5]+", "x5", true), ("[\\D5]", "4", false),
            (".", "\n", false), ("(?s).", "\n", true), ("(?i)ab[C-D]", "AbcX", false), ("(?i)ab[C-D]", "ABd", true),
            ("\\d+\\s\\S\\W", "12 x-", true), ("\\x41\\u0042", "AB", true), ("é+", "éé", true), (".", "😀", true),
            ("\\bfoo\\b bar", "foo bar", true), ("fo\\Bo", "foo", true), ("\\Aab\\z", "ab", true), ("a$b", "ab", false),
            ("(a*)*", "aaaa", true), ("(|a)+", "aa", true), ("(?=.*[0-9])(?=.*[a-z]).{4,}", "pass1", true),
            ("(?=.*[0-9]).+", "pass", false),
            ("(?!admin).*", "user", true), ("(?!admin).*", "admin1", false), ("a(?=b(?!c)).*", "abd", true),
            ("a(?=b(?!c)).*", "abc", false), ("(?=a|b)*b", "b", true), ("\\.\\*", ".*", true), ("()", "", true),
        ]
    )
    func takes(pattern: String, text: String, matches: Bool) throws {
        #expect(try LinearPattern(pattern).matchesWhole(text) == matches)
    }

    @Test(
        "A pattern is found where it takes a part of a text",
        arguments: [
            ("b", "abc", true), ("^b", "abc", false), ("c$", "abc", true), ("b$", "abc", false), ("", "abc", true),
            ("x", "abc", false), ("\\bbar", "foo bar", true), ("\\bar", "foo bar", false), ("a.c", "xxabcxx", true),
        ]
    )
    func finds(pattern: String, text: String, isFound: Bool) throws {
        #expect(try LinearPattern(pattern).isFound(in: text) == isFound)
    }

    @Test(
        "What is no expression, or would be read in more than one way, is refused",
        arguments: [
            "(", ")", "(a", "a)", "[a", "[]", "[]a]", "[a[b]]", "[a&&b]", "[z-a]", "[a-\\d]", "*", "a**", "a++",
            "a{2}{3}+",
            "\\", "\\1", "(?<=a)", "(?<!a)", "(?>a)", "(?i:a)", "(?x)a", "\\k", "\\p{L}", "\\x4",
            "\\u00g0", "a{3,2}", "a{1001}", "(a{1000}){1000}", "((((()" + "{1000}){1000}){1000}){1000}",
            String(repeating: "(", count: 60) + String(repeating: ")", count: 60),
            String(repeating: "a", count: 5000), "(((a{99}){99}){99}){99}", "[\\b]",
        ]
    )
    func refuses(pattern: String) { #expect(throws: LinearPattern.Failure.self) { try LinearPattern(pattern) } }

    @Test(
        "A4: expressions that make backtracking matchers try for ever end",
        arguments: ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)(.*)(.*)(.*)(.*)b", "(a*)*b", "a?a?a?a?a?a?a?a?aaaaaaaab"]
    )
    func ends(pattern: String) throws {
        let text = String(repeating: "a", count: 10_000)
        let linear = try LinearPattern(pattern)
        #expect(!linear.matchesWhole(text))
        #expect(!linear.isFound(in: text))
        #expect(linear.isFound(in: text + "b"))
    }

    @Test("A look ahead that is met at each place of a long text uses up its steps and matches nothing")
    func budget() throws {
        let text = String(repeating: "a", count: 20_000)
        #expect(!(try LinearPattern("((?=a*x)|a)*").matchesWhole(text)))
        var budget = 1_000_000
        #expect(!(try LinearPattern("(?!a*x).*b").isFound(in: text + "b", budget: &budget)))
        #expect(budget < 0)
    }
}
