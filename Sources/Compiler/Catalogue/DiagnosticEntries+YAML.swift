// What the catalogue says about texts that are no templates.

internal import Diagnostics

extension DiagnosticEntries {
    static let yaml: [String: DiagnosticEntry] = [
        "yaml-alias": DiagnosticEntry(
            "an alias has no anchor before it",
            .template,
            faulty: """
                Resources: {}
                Metadata: {a: *b}
                """,
            mended: """
                Resources: {}
                Metadata: {a: "*b"}
                """
        ),
        "yaml-documents": DiagnosticEntry(
            "the file holds several documents",
            .template,
            faulty: """
                Resources: {}
                ---
                Outputs: {}
                """,
            mended: """
                Resources: {}
                Outputs: {}
                """
        ),
        "yaml-duplicate-key": DiagnosticEntry(
            "a mapping has one key twice",
            .template,
            faulty: """
                Resources: {}
                Resources: {}
                """,
            mended: "Resources: {}"
        ),
        "yaml-empty": DiagnosticEntry(
            "the file is empty",
            .template,
            faulty: "# nothing",
            mended: "Resources: {}"
        ),
        "yaml-encoding": DiagnosticEntry(
            "the file is no text in UTF-8",
            .command,
            faulty: "iconv -t UTF-16 template.yaml > wrong.yaml; samovar check wrong.yaml"
        ),
        "yaml-key": DiagnosticEntry(
            "a key is no text",
            .template,
            faulty: """
                Resources: {}
                [a, b]: c
                """,
            mended: """
                Resources: {}
                Metadata: {"[a, b]": c}
                """
        ),
        "yaml-merge": DiagnosticEntry(
            "a merge takes something that is no mapping",
            .template,
            faulty: """
                Resources: {}
                Metadata: {<<: text}
                """,
            mended: """
                Resources: {}
                Metadata: {"<<": text}
                """
        ),
        "yaml-syntax": DiagnosticEntry(
            "the file is neither YAML nor JSON",
            .template,
            faulty: "Resources: [",
            mended: "Resources: {}"
        ),
        "yaml-tag": DiagnosticEntry(
            "a tag is not known, or does not fit",
            .template,
            faulty: """
                Resources: {}
                Metadata: {a: !!int many}
                """,
            mended: """
                Resources: {}
                Metadata: {a: !!int 12}
                """
        ),
        "yaml-too-deep": DiagnosticEntry(
            "mappings and lists nest too deep",
            .template,
            faulty: """
                Resources: {}
                Metadata: \
                [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\
                ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
                """,
            mended: """
                Resources: {}
                Metadata: [[[]]]
                """
        ),
        "yaml-too-large": DiagnosticEntry(
            "the file is larger than 5 MB",
            .command,
            faulty: "samovar check access.log"
        ),
        "yaml-too-many-nodes": DiagnosticEntry(
            "aliases multiply to too many values",
            .template,
            faulty: """
                Resources: {}
                Metadata:
                  a: &a [x, x, x, x, x, x, x, x, x, x]
                  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
                  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
                  d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
                  e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
                  f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
                """,
            mended: """
                Resources: {}
                Metadata:
                  a: &a [x, x]
                  b: [*a, *a]
                """
        ),
    ]
}
