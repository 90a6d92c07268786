// Workflow commands of GitHub Actions, with their escapes.

import Diagnostics
import Testing

struct DiagnosticGitHubRendererTests {
    @Test func writesOneCommandALine() {
        let fix = Diagnostic.FixIt("remove it", at: span(2, 4, to: 5), replacement: "")
        let note = Diagnostic.Note("see here", at: span(1, 1, to: 2))
        let full = Diagnostic(.spout, "100% 'te'\r\n, x: y", at: span(2, 4, to: 6), notes: [note], fixIts: [fix])
        let several = Diagnostic(.lid, "cold", at: span(3, 5, to: 2, endLine: 4))
        let text = DiagnosticGitHubRenderer.render([full, several, Diagnostic(.lid, "cold", at: nil)])
        let expected = """
            ::error file=t.yaml,line=2,endLine=2,col=4,endColumn=5,title=spout-blocked::100%25 'te'%0D%0A, x: y%0A\
            note: see here (t.yaml:1:1)%0Afix: remove it
            ::warning file=t.yaml,line=3,endLine=4,title=lid-open::cold
            ::warning title=lid-open::cold

            """
        #expect(text == expected)
    }

    @Test func escapesFileNames() {
        let text = DiagnosticGitHubRenderer.render([Diagnostic(.lid, "m", at: Span(startOf: "a,b:c%\nd.yaml"))])
        #expect(
            text
                == "::warning file=a%2Cb%3Ac%25%0Ad.yaml,line=1,endLine=1,col=1,endColumn=1,title=lid-open::m\n"
        )
    }
}
