// The pass Expand: includes and loops to what they stand for, nodes to nodes.

internal import Diagnostics

/// Expands `AWS::Include` and `Fn::ForEach` before anything is read of a template, as CloudFormation does.
///
/// Files of CDK take their places first. Includes come before loops, since they may bring in such. What stands in an
/// included file keeps its place there; what a loop makes has the place of the fragment that it repeats.
struct Expansion {
    /// How many values may be brought in or repeated in all; a text counts as one more for each 64 bytes.
    static let maximumNodes = 200_000
    /// How deep values may nest after includes.
    static let maximumDepth = 2 * YAMLParser.maximumDepth

    let template: String
    /// Reads included files.
    var files: SourceFiles
    var diagnostics: DiagnosticCollector
    /// Evaluates where includes are and what loops run over; it knows parameters, mappings and conditions.
    var resolver: Resolver
    /// What was spent of `maximumNodes`.
    var spent = 0
    /// The included files by path, with how many values each has; nil for one that cannot be read.
    var cache: [String: (node: YAMLNode, count: Int)?] = [:]
    /// The files that are being included, outermost first.
    var chain: [String] = []
    /// How many values are being included within each other.
    var depth = 0

    /// The template with its includes and loops expanded.
    ///
    /// - Parameters:
    ///   - root: the root of the template.
    ///   - stack: the stack that it is the template of; its parameters may say what is included and repeated.
    ///   - files: reads the files that are included.
    ///   - diagnostics: takes what cannot be expanded.
    /// - Returns: the root, the same where there is nothing to expand.
    static func expand(
        _ root: YAMLNode,
        stack: StackInput,
        files: inout SourceFiles,
        into diagnostics: inout DiagnosticCollector
    ) -> YAMLNode {
        var needs = Needs()
        needs.look(at: root)
        guard needs.isAny else { return root }
        var expansion = Expansion(
            template: root.span.file,
            files: files,
            diagnostics: diagnostics,
            resolver: resolver(root, stack)
        )
        var expanded = needs.assets ? expansion.placingAssets(root) : root
        if needs.includes || needs.assets {
            expanded = expansion.includingSections(expanded)
            // Loops may run over what was just included.
            expansion.resolver = resolver(expanded, stack)
            needs = Needs()
            needs.look(at: expanded)
        }
        if let place = needs.firstExtension { expansion.checkTransform(expanded, needs: place) }
        if needs.loops { expanded = expansion.repeatingSections(expanded) }
        files = expansion.files
        diagnostics = expansion.diagnostics
        return expanded
    }

    /// What evaluates expressions before the template is read; what it has to say is said when it is.
    private static func resolver(_ root: YAMLNode, _ stack: StackInput) -> Resolver {
        var unheard = DiagnosticCollector()
        let parameters = Parameter.parameters(root["Parameters"], into: &unheard)
        let template = Template(
            file: root.span.file,
            parameters: parameters,
            mappings: root["Mappings"]?.mapping ?? [],
            conditions: root["Conditions"]?.mapping ?? []
        )
        let values = ParameterValues(parameters, given: stack.parameters, stack: stack.path.words, into: &unheard)
        return Resolver(template, parameters: values, stack: stack, tree: nil, diagnostics: unheard)
    }

    /// Takes what a value costs; false when there is nothing left, which is reported.
    mutating func spend(_ nodes: Int, at span: Span) -> Bool {
        guard spent <= Self.maximumNodes else { return false }
        spent += nodes
        guard spent <= Self.maximumNodes else {
            diagnostics.emit(.expansionLimit(at: span))
            return false
        }
        return true
    }

    private mutating func checkTransform(_ root: YAMLNode, needs place: (name: String, span: Span)) {
        let transform = root["Transform"]
        let names = transform?.elements ?? transform.map { [$0] } ?? []
        guard let own = names.firstIndex(where: { $0.string == "AWS::LanguageExtensions" }) else {
            diagnostics.emit(.languageExtension(place.name, transform: transform, at: place.span))
            return
        }
        let serverless = names.firstIndex { $0.string?.hasPrefix("AWS::Serverless-") == true }
        if let serverless, serverless < own {
            diagnostics.emit(.languageExtensionOrder(at: names[own].span, before: names[serverless].span))
        }
    }
}

extension Expansion {
    /// What of a template has to be expanded.
    struct Needs {
        private(set) var includes = false
        private(set) var loops = false
        private(set) var assets = false
        /// The first function that needs the transform `AWS::LanguageExtensions`.
        private(set) var firstExtension: (name: String, span: Span)?

        var isAny: Bool { includes || assets || firstExtension != nil }

        /// Looks at a node and all within it.
        mutating func look(at node: YAMLNode) {
            if let tag = node.tag { note(tag == "!Transform" ? "Transform" : "Fn::\(tag.dropFirst())", at: node.span) }
            switch node.content {
            case .scalar: break
            case .sequence(let elements): for element in elements { look(at: element) }
            case .mapping(let entries):
                for entry in entries {
                    let isCall = entries.count == 1 || Self.isLoop(entry.key)
                    if entry.key == "aws:asset:path" { assets = true }
                    if isCall || entry.key.hasSuffix("Transform") { note(entry.key, at: entry.keySpan) }
                    look(at: entry.value)
                }
            }
        }

        private mutating func note(_ name: String, at span: Span) {
            switch name {
            case "Fn::Transform", "Transform": includes = true
            case "Fn::Length", "Fn::ToJsonString": if firstExtension == nil { firstExtension = (name, span) }
            case _ where Self.isLoop(name):
                loops = true
                if firstExtension == nil { firstExtension = (name, span) }
            default: break
            }
        }

        static func isLoop(_ key: String) -> Bool { key.hasPrefix("Fn::ForEach::") }
    }
}
