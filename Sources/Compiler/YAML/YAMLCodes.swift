// What can be wrong with a text before anybody asks what it means.

package import Diagnostics

/// The codes that `YAMLParser` raises.
package enum YAMLCodes {
    package static let all: [DiagnosticCode] = [
        .yamlAlias, .yamlDocuments, .yamlDuplicateKey, .yamlEmpty, .yamlEncoding, .yamlKey, .yamlMerge, .yamlSyntax,
        .yamlTag, .yamlTooDeep, .yamlTooLarge, .yamlTooManyNodes,
    ]
}

extension DiagnosticCode {
    static let yamlSyntax = DiagnosticCode(
        "yaml-syntax",
        .error,
        """
        The file is neither YAML nor JSON at this place. Common causes are a tab in the indentation (YAML indents \
        with spaces only), a quote or bracket that is not closed, and a value with `: ` or ` #` in it that stands \
        without quotes.
        """
    )
    static let yamlEncoding = DiagnosticCode(
        "yaml-encoding",
        .error,
        """
        The file is not text in UTF-8: it is binary, in UTF-16, or in an older encoding such as Latin-1. Save it as \
        UTF-8; `iconv -f UTF-16 -t UTF-8 OLD > NEW` converts one.
        """
    )
    static let yamlEmpty = DiagnosticCode(
        "yaml-empty",
        .error,
        "The file holds nothing but white space and comments. A template has at least a `Resources` section."
    )
    static let yamlTooLarge = DiagnosticCode(
        "yaml-too-large",
        .error,
        """
        The file is larger than 5 MB. CloudFormation itself takes no template over 1 MB; probably another file than \
        the template was named.
        """
    )
    static let yamlTooDeep = DiagnosticCode(
        "yaml-too-deep",
        .error,
        """
        Mappings and lists nest deeper than 64 levels. Templates that mean something stay far below; look for \
        brackets that are not closed.
        """
    )
    static let yamlTooManyNodes = DiagnosticCode(
        "yaml-too-many-nodes",
        .error,
        """
        The file has more than 300 000 values after its aliases (`*name`) are expanded. Aliases to lists of aliases \
        multiply; write the values out or split the template.
        """
    )
    static let yamlDocuments = DiagnosticCode(
        "yaml-documents",
        .error,
        "The file holds several YAML documents, parted by `---`. A template is one; remove the others."
    )
    static let yamlDuplicateKey = DiagnosticCode(
        "yaml-duplicate-key",
        .error,
        """
        One mapping has the same key twice. Tools differ in which of the two they take, so neither is taken here. \
        Rename or remove one; the note shows the first. Several merges are written as one: `<<: [*first, *second]`.
        """
    )
    static let yamlKey = DiagnosticCode(
        "yaml-key",
        .error,
        """
        A key is a list, a mapping or a tagged value. Keys in templates are texts: quote it when it has brackets or \
        braces.
        """
    )
    static let yamlMerge = DiagnosticCode(
        "yaml-merge",
        .error,
        """
        A merge (`<<`) takes a mapping or a list of mappings, usually by alias: `<<: *defaults`. Quote the key as \
        `"<<"` when no merge is meant.
        """
    )
    static let yamlAlias = DiagnosticCode(
        "yaml-alias",
        .error,
        """
        An alias (`*name`) needs an anchor (`&name`) that stands before it in the file and that does not contain it. \
        A text that begins with an asterisk needs quotes: `"*"`.
        """
    )
    static let yamlTag = DiagnosticCode(
        "yaml-tag",
        .error,
        """
        The tag names a type that templates do not have, or one that the value is not of. The short forms of \
        CloudFormation's functions (`!Ref`, `!Sub`, …) have one exclamation mark; of YAML's own tags `!!str`, \
        `!!int`, `!!float`, `!!bool`, `!!null`, `!!timestamp`, `!!map` and `!!seq` are understood.
        """
    )
}
