// One value against one schema.

internal import JSON

/// Checks a value. Schemas and values may be hostile together, so steps and depth are counted: a value whose check
/// takes too long is not allowed.
struct JSONSchemaCheck {
    /// How many schemas may be under way at a time: more than any value needs, less than the stack has room for.
    private static let depthLimit = 400
    /// How many faults are told.
    private static let faultLimit = 10

    private let schema: JSONSchema
    private var budget = 20_000_000
    private var depth = 0
    private var faults: [String] = []
    /// Whether faults are told, or only counted: those of branches say nothing by themselves.
    private var isSilent = false

    init(schema: JSONSchema) { self.schema = schema }

    /// What is wrong with a value; empty for one that is allowed.
    mutating func faults(of value: JSONValue) -> [String] {
        let isAllowed = allows(value, schema.root)
        guard budget >= 0 else { return ["the instance takes too long to be validated"] }
        return isAllowed ? [] : faults
    }

    /// Whether a value is allowed, without a word about it.
    private mutating func silently(_ value: JSONValue, _ place: Int) -> Bool {
        let wasSilent = isSilent
        isSilent = true
        defer { isSilent = wasSilent }
        return allows(value, place)
    }

    private mutating func fault(_ text: @autoclosure () -> String) -> Bool {
        if !isSilent, faults.count < Self.faultLimit { faults.append(text()) }
        return false
    }

    /// - Returns: whether the schema at a place allows a value; whatever it says counts for nothing below 0 of budget.
    private mutating func allows(_ value: JSONValue, _ place: Int) -> Bool {
        depth += 1
        defer { depth -= 1 }
        var place = place
        // A chain of references is walked here, as no value is walked down by it; one without end uses up the budget.
        while let reference = schema.nodes[place].reference, budget >= 0 {
            place = reference
            budget -= 100
        }
        // A schema costs about ten times what a step of a pattern does.
        budget -= 10
        if depth > Self.depthLimit { budget = -1 }
        guard budget >= 0 else { return false }
        let node = schema.nodes[place]
        var isAllowed = allowsType(value, node)
        switch value {
        case .integer, .real: isAllowed = allowsNumber(value, node) && isAllowed
        case .string(let text): isAllowed = allowsText(text, node) && isAllowed
        case .array(let elements): isAllowed = allowsElements(elements, node) && isAllowed
        case .object(let object): isAllowed = allowsMembers(object, value, node) && isAllowed
        case .null, .boolean: break
        }
        return allowsBranches(value, node) && isAllowed
    }

    // MARK: All values

    private mutating func allowsType(_ value: JSONValue, _ node: JSONSchema.Node) -> Bool {
        var isAllowed = true
        if !node.types.isEmpty, !node.types.contains(where: { value.isOf($0) }) {
            isAllowed = fault(JSONSchemaFault.type(value, node.types))
        }
        if let enumeration = node.enumeration {
            budget -= enumeration.count + value.size
            guard budget >= 0 else { return false }
            if !value.isOne(of: enumeration) { isAllowed = fault(JSONSchemaFault.enumeration(value, enumeration)) }
        }
        return isAllowed
    }

    private mutating func allowsBranches(_ value: JSONValue, _ node: JSONSchema.Node) -> Bool {
        var isAllowed = true
        if !node.allOf.isEmpty {
            let matching = matches(value, node.allOf)
            if matching < node.allOf.count {
                isAllowed = fault(JSONSchemaFault.allOf(matching, node.allOf.count))
            }
        }
        if !node.anyOf.isEmpty, matches(value, node.anyOf) == 0 {
            isAllowed = fault(JSONSchemaFault.anyOf(node.anyOf.count))
        }
        if !node.oneOf.isEmpty {
            let matching = matches(value, node.oneOf)
            if matching != 1 { isAllowed = fault(JSONSchemaFault.oneOf(matching, node.oneOf.count)) }
        }
        if let not = node.not, silently(value, not) { isAllowed = fault(JSONSchemaFault.not) }
        return isAllowed
    }

    private mutating func matches(_ value: JSONValue, _ branches: [Int]) -> Int {
        var count = 0
        for branch in branches where silently(value, branch) { count += 1 }
        return count
    }

    // MARK: Numbers and texts

    private mutating func allowsNumber(_ value: JSONValue, _ node: JSONSchema.Node) -> Bool {
        var isAllowed = true
        if let minimum = node.minimum {
            let order = value.compare(minimum.value)
            if minimum.isExclusive ? order <= 0 : order < 0 {
                isAllowed = fault(JSONSchemaFault.minimum(value, minimum.value, isExclusive: minimum.isExclusive))
            }
        }
        if let maximum = node.maximum {
            let order = value.compare(maximum.value)
            if maximum.isExclusive ? order >= 0 : order > 0 {
                isAllowed = fault(JSONSchemaFault.maximum(value, maximum.value, isExclusive: maximum.isExclusive))
            }
        }
        if let divisor = node.multipleOf, !value.isMultiple(of: divisor) {
            isAllowed = fault(JSONSchemaFault.multipleOf(value, divisor))
        }
        return isAllowed
    }

    private mutating func allowsText(_ text: String, _ node: JSONSchema.Node) -> Bool {
        var isAllowed = true
        if node.minLength != nil || node.maxLength != nil {
            let length = text.unicodeScalars.count
            budget -= length / 64
            if let least = node.minLength, length < least {
                isAllowed = fault(JSONSchemaFault.tooShort(text, length, least))
            }
            if let most = node.maxLength, length > most {
                isAllowed = fault(JSONSchemaFault.tooLong(text, length, most))
            }
        }
        if let pattern = node.pattern, !pattern.regex.isFound(in: text, budget: &budget) {
            isAllowed = fault(JSONSchemaFault.pattern(pattern.text, text))
        }
        return isAllowed
    }

    // MARK: Arrays and objects

    private mutating func allowsElements(_ elements: [JSONValue], _ node: JSONSchema.Node) -> Bool {
        var isAllowed = true
        if let least = node.minItems, elements.count < least {
            isAllowed = fault(JSONSchemaFault.fewItems(elements.count, least))
        }
        if let most = node.maxItems, elements.count > most {
            isAllowed = fault(JSONSchemaFault.manyItems(elements.count, most))
        }
        if node.hasUniqueItems {
            // Every element is looked at to its leaves, and so it is again by each array around this one.
            budget -= JSONValue.array(elements).size * 4
            guard budget >= 0 else { return false }
            if Set(elements.map(\.withPlainNumbers)).count < elements.count {
                isAllowed = fault(JSONSchemaFault.duplicates)
            }
        }
        switch node.items {
        case .unchecked: break
        case .each(let place): for element in elements { isAllowed = allows(element, place) && isAllowed }
        case .tuple(let places, let further):
            for (element, place) in zip(elements, places) { isAllowed = allows(element, place) && isAllowed }
            guard elements.count > places.count else { break }
            switch further {
            case .allowed: break
            case .forbidden: isAllowed = fault(JSONSchemaFault.furtherItems(places.count))
            case .schema(let place):
                for element in elements.dropFirst(places.count) { isAllowed = allows(element, place) && isAllowed }
            }
        }
        return isAllowed
    }

    private mutating func allowsMembers(_ object: JSONObject, _ value: JSONValue, _ node: JSONSchema.Node) -> Bool {
        var isAllowed = true
        let missing = node.required.filter { object[$0] == nil }
        if !missing.isEmpty { isAllowed = fault(JSONSchemaFault.missing(missing)) }
        if let least = node.minProperties, object.count < least {
            isAllowed = fault(JSONSchemaFault.fewMembers(object.count, least))
        }
        if let most = node.maxProperties, object.count > most {
            isAllowed = fault(JSONSchemaFault.manyMembers(object.count, most))
        }
        for (name, dependency) in node.dependencies where object[name] != nil {
            switch dependency {
            case .schema(let place): isAllowed = allows(value, place) && isAllowed
            case .names(let names):
                let missing = names.filter { object[$0] == nil }
                if !missing.isEmpty { isAllowed = fault(JSONSchemaFault.dependency(name, names, missing)) }
            }
        }
        return allowsEachMember(object, node) && isAllowed
    }

    private mutating func allowsEachMember(_ object: JSONObject, _ node: JSONSchema.Node) -> Bool {
        if node.properties.isEmpty, node.patternProperties.isEmpty, case .allowed = node.additionalProperties {
            return true
        }
        var isAllowed = true
        var forbidden: [String] = []
        for (name, member) in object.members {
            budget -= 1
            guard budget >= 0 else { return false }
            var isKnown = false
            if let place = node.properties[name] {
                isKnown = true
                isAllowed = allows(member, place) && isAllowed
            }
            for (regex, place) in node.patternProperties where regex.isFound(in: name, budget: &budget) {
                isKnown = true
                isAllowed = allows(member, place) && isAllowed
            }
            guard !isKnown else { continue }
            switch node.additionalProperties {
            case .allowed: break
            case .forbidden: forbidden.append(name)
            case .schema(let place): isAllowed = allows(member, place) && isAllowed
            }
        }
        return forbidden.isEmpty ? isAllowed : fault(JSONSchemaFault.furtherMembers(forbidden))
    }
}

extension JSONValue {
    /// How much there is to look at for whoever looks at all of it.
    fileprivate var size: Int {
        switch self {
        case .null, .boolean, .integer, .real: 1
        case .string(let text): 1 + text.utf8.count / 64
        case .array(let elements): elements.reduce(1) { $0 + $1.size }
        case .object(let object): object.members.reduce(1) { $0 + 1 + $1.value.size }
        }
    }

    /// Whether a value is of a type. An integer is one that is written as one, and every integer is a number
    /// (draft-zyp-json-schema-04 section 3.5).
    fileprivate func isOf(_ type: JSONSchema.Primitive) -> Bool {
        switch (self, type) {
        case (.array, .array), (.boolean, .boolean), (.integer, .integer), (.integer, .number), (.real, .number),
            (.null, .null), (.object, .object), (.string, .string):
            true
        default: false
        }
    }

    /// Whether a value is one of some whose numbers are plain. A large value is only spelled anew where one of its kind
    /// is among them.
    fileprivate func isOne(of values: [JSONValue]) -> Bool {
        guard values.contains(where: { $0.kind == kind || ($0.double != nil && double != nil) }) else { return false }
        return values.contains(withPlainNumbers)
    }

    /// Below, at or above another number: below 0, 0, above 0.
    fileprivate func compare(_ other: JSONValue) -> Int {
        if let left = integer, let right = other.integer { return left < right ? -1 : left == right ? 0 : 1 }
        let left = double ?? 0
        let right = other.double ?? 0
        return left < right ? -1 : left == right ? 0 : 1
    }

    /// Whether a number is a whole multiple of another, in the decimal digits that people write: 0.3 is one of 0.1.
    fileprivate func isMultiple(of divisor: JSONValue) -> Bool {
        if let number = integer, let divisor = divisor.integer { return number % divisor == 0 }
        guard let number = double, let divisor = divisor.double, number.isFinite else { return false }
        let quotient = number / divisor
        guard quotient.isFinite else { return false }
        let distance = (quotient - quotient.rounded()).magnitude
        return distance == 0 || distance <= quotient.magnitude.ulp * 2
    }
}
