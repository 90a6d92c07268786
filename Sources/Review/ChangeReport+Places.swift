// The lines of templates that changes belong to.

package import Diagnostics

extension ChangeReport {
    /// The report with the places of its changes.
    ///
    /// Of each change the best place that is known: that of its member, else that of the route, function or whatever it
    /// is. Where the new template has neither, what is gone is looked for in its API, and the old place says more.
    ///
    /// - Parameters:
    ///   - old: where the parts of the old manifest stand; nil where that is not known.
    ///   - new: the same of the new one.
    /// - Returns: the report; places that it has already stay.
    package func locating(old: SourceMap?, new: SourceMap?) -> ChangeReport {
        var report = self
        for index in report.changes.indices {
            let change = report.changes[index]
            let oldSpan = old?.place(of: change.member, at: change.oldPlace ?? change.place)
            let newSpan = new?.place(of: change.member, at: change.place)
            let api = change.place.api.flatMap { new?[ChangePlace.api($0).pointer] }
            report.changes[index].oldSpan = change.oldSpan ?? oldSpan
            report.changes[index].newSpan = change.newSpan ?? newSpan ?? api
        }
        return report
    }
}

extension Change {
    /// The place that a person looks at: in the new template, but for what is gone.
    package var span: Span? { symbol == .removed ? oldSpan ?? newSpan : newSpan ?? oldSpan }
}

extension SourceMap {
    /// The place of a member, or of the nearest thing that holds it.
    fileprivate func place(of member: String, at place: ChangePlace) -> Span? {
        let pointer = place.pointer
        var names = member.split(separator: "/")[...]
        while !names.isEmpty {
            if let span = self["\(pointer)/\(names.joined(separator: "/"))"] { return span }
            names.removeLast()
        }
        return self[pointer]
    }
}
