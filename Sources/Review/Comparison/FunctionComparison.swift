// What changed in functions.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the functions of two manifests.
    mutating func compareFunctions(_ old: Manifest, _ new: Manifest) {
        for (id, before) in old.functions {
            let newID = renames.function(id)
            if let after = new.functions[newID] {
                move(to: .function(newID), from: .function(id))
                if id != newID { add(.functionRenamed) }
                compareFunction(before, after, at: newID, from: id)
            } else {
                move(to: .function(id))
                add(.functionRemoved, before: before.summary)
            }
        }
        let renamed = Set(renames.functions.values)
        for (id, after) in new.functions where old.functions[id] == nil && !renamed.contains(id) {
            move(to: .function(id))
            let isExposed = after.endpoint.map { !$0.isLocal } ?? false
            add(.functionAdded, after: after.summary, security: isExposed ? .weakens : .none)
        }
    }

    /// Compares a function with what it was.
    ///
    /// - Parameters:
    ///   - old: the function before.
    ///   - new: the function after.
    ///   - id: its logical id.
    ///   - oldID: its logical id before.
    mutating func compareFunction(_ old: Function, _ new: Function, at id: String, from oldID: String) {
        move(to: .function(id), from: .function(oldID))
        MemberRule.compare(old, new, by: Function.memberRules, into: &self)
        compareEnvironment(old, new, at: id, from: oldID)
    }
}

extension Function {
    /// What is shown of a function that came or went.
    fileprivate var summary: JSONValue? {
        var object = JSONObject()
        object["runtime"] = runtime.map { .string($0) }
        object["handler"] = handler.map { .string($0) }
        if let endpoint, endpoint != .standard { object["endpoint"] = endpoint.reviewed }
        return object.isEmpty ? nil : .object(object)
    }

    /// How the members of a function are compared, but for its environment.
    fileprivate static let memberRules: [MemberRule<Function>] = [
        .value("name", \.name, .functionNameChanged),
        .value("runtime", \.runtime, .functionRuntimeChanged),
        .value("handler", \.handler, .functionHandlerChanged),
        .value("code", \.code, .functionCodeChanged),
        .custom { old, new, changes in
            guard old.inlineCode != new.inlineCode else { return }
            let (before, after) = LineExtent.difference(old.inlineCode, new.inlineCode)
            changes.add(.functionCodeChanged, "inlineCode", before: before?.reviewed, after: after?.reviewed)
        },
        .custom { old, new, changes in
            guard old.image != new.image else { return }
            guard let before = old.image, let after = new.image else {
                // An image without members says something, too: it is built first.
                let (before, after) = (old.image?.reviewed, new.image?.reviewed)
                return changes.add(.functionCodeChanged, "image", before: before, after: after)
            }
            changes.within("image") { MemberRule.compare(before, after, by: Image.memberRules, into: &$0) }
        },
        .custom { old, new, changes in
            guard old.layers != new.layers else { return }
            changes.add(.functionLayersChanged, "layers", before: old.layers.ifAny, after: new.layers.ifAny)
        },
        .value("architecture", \.architecture, .functionArchitectureChanged),
        .custom { old, new, changes in
            let (before, after) = (old.endpoint ?? .standard, new.endpoint ?? .standard)
            guard before != after else { return }
            let rule = before.rule(of: after)
            changes.add(rule, "endpoint", before: before.reviewed, after: after.reviewed)
        },
        .number("timeoutSeconds", \.timeoutSeconds, raised: .timeoutLengthened, lowered: .timeoutShortened),
        .number("memoryMegabytes", \.memoryMegabytes, raised: .memoryRaised, lowered: .memoryLowered),
        .custom { old, new, changes in
            let standard = 512
            let before = old.ephemeralStorageMegabytes ?? standard
            let after = new.ephemeralStorageMegabytes ?? standard
            guard before != after else { return }
            let rule: ChangeRule = after > before ? .storageRaised : .storageLowered
            changes.add(rule, "ephemeralStorageMegabytes", before: before.reviewed, after: after.reviewed)
        },
        .custom { old, new, changes in
            let (before, after) = (old.reservedConcurrency, new.reservedConcurrency)
            guard before != after else { return }
            let isLowered = after.map { after in before.map { after < $0 } ?? true } ?? false
            changes.add(
                isLowered ? .concurrencyLowered : .concurrencyRaised,
                "reservedConcurrency",
                before: before?.reviewed,
                after: after?.reviewed,
                impact: after == 0 ? .breaking : nil
            )
        },
    ]
}

extension Function.Image {
    fileprivate var reviewed: JSONValue {
        var object = JSONObject()
        object["uri"] = uri?.reviewed
        object["command"] = command.ifAny
        object["entryPoint"] = entryPoint.ifAny
        object["workingDirectory"] = workingDirectory?.reviewed
        return .object(object)
    }

    fileprivate static let memberRules: [MemberRule<Function.Image>] = [
        .value("uri", \.uri, .functionCodeChanged),
        .value("command", \.command.ifAny, .functionHandlerChanged),
        .value("entryPoint", \.entryPoint.ifAny, .functionHandlerChanged),
        .value("workingDirectory", \.workingDirectory, .functionHandlerChanged),
    ]
}

extension [String] {
    /// The list as a review shows it; nil for one without elements, which a manifest does not have.
    fileprivate var ifAny: JSONValue? { isEmpty ? nil : reviewed }
}

/// Which lines of a text differ from those of another, in a few words: a wall of code helps no reviewer.
enum LineExtent {
    /// Where two texts differ, between the lines that both begin and end with.
    ///
    /// - Returns: `lines 3-5 of 12` for each; `12 lines` where it has none of its own; nil where there is no text.
    static func difference(_ old: String?, _ new: String?) -> (before: String?, after: String?) {
        func lines(_ text: String?) -> [Substring] {
            text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
        }
        let (old, new) = (old.map(lines), new.map(lines))
        guard let old, let new else { return (old.map { count($0.count) }, new.map { count($0.count) }) }
        let leading = zip(old, new).prefix { $0 == $1 }.count
        let trailing = min(
            zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count,
            min(old.count, new.count) - leading
        )
        func extent(_ count: Int) -> String {
            let last = count - trailing
            if last == leading { return self.count(count) }
            return last == leading + 1 ? "line \(last) of \(count)" : "lines \(leading + 1)-\(last) of \(count)"
        }
        return (extent(old.count), extent(new.count))
    }

    private static func count(_ lines: Int) -> String { lines == 1 ? "1 line" : "\(lines) lines" }
}
