// A template as data: its sections, with Globals already merged into the resources.

internal import Diagnostics

/// What was read of a template; expressions are still nodes.
struct Template: Sendable {
    /// The path that spans name.
    let file: String
    /// Whether `AWS::LanguageExtensions` evaluates functions before SAM reads the template.
    var hasLanguageExtensions = false
    var parameters: [Parameter] = []
    /// `Mappings`, by name.
    var mappings: [YAMLNode.Entry] = []
    /// `Conditions`, by name.
    var conditions: [YAMLNode.Entry] = []
    /// `Outputs`, by name.
    var outputs: [YAMLNode.Entry] = []
    /// The resources in the template's order, then the implicit APIs that it does not declare itself.
    var resources: [Resource] = []

    /// The resource of a logical id.
    func resource(_ id: String) -> Resource? { resources.first { $0.id == id } }
}

/// A resource, its properties merged with those of `Globals`.
struct Resource: Sendable {
    /// The logical id of the REST API that events without `RestApiId` belong to.
    static let implicitRestAPI = "ServerlessRestApi"
    /// The logical id of the HTTP API that events without `ApiId` belong to.
    static let implicitHTTPAPI = "ServerlessHttpApi"

    let id: String
    /// Where the logical id stands; the beginning of the file for an implicit API.
    let idSpan: Span
    let type: String
    let typeSpan: Span
    /// The name of the condition under which there is such a resource.
    var condition: YAMLNode?
    /// `Properties`; nil where there are none.
    var properties: YAMLNode?
    /// The path of the construct that CDK made it from, `Stack/Function/Resource`; nil without CDK.
    var constructPath: String?
    /// Whether SAM makes it up.
    var isImplicit = false

    /// Its logical id for messages, with the construct behind it, whose name people know.
    var words: String {
        guard let constructPath else { return "'\(id)'" }
        let ending = "/Resource"
        let path = constructPath.hasSuffix(ending) ? String(constructPath.dropLast(ending.count)) : constructPath
        return "'\(id)' (the construct '\(path)')"
    }

    /// What the type is to the compiler; nil for one that it does not read.
    var kind: Kind? { Kind(rawValue: type) }
}

/// A parameter's declaration.
struct Parameter: Sendable {
    let name: String
    let nameSpan: Span
    /// `String`, `Number`, `CommaDelimitedList`, `AWS::SSM::Parameter::Value<String>`, …
    var type = "String"
    var defaultText: String?
    var defaultSpan: Span?
    var allowedValues: [String]?
    var allowedPattern: String?
    var minimumLength: Int?
    var maximumLength: Int?
    var minimumValue: Double?
    var maximumValue: Double?
    /// Whether its value must not be shown.
    var isSecret = false

    /// Whether its value is a list, written with commas.
    var isList: Bool {
        type == "CommaDelimitedList" || type.hasPrefix("List<") || type.contains("<List<")
            || type.contains("<CommaDelimitedList>")
    }

    /// Whether the default is not the value but the name under which Systems Manager keeps it.
    var isStored: Bool { type.hasPrefix("AWS::SSM::Parameter::Value<") }
}
