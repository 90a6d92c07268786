// The changes of a report as people read them: below headings, by place.

/// The changes below one heading.
package struct ChangeSection: Sendable {
    /// The changes of one place, in the order of the report.
    package struct Group: Sendable {
        package internal(set) var changes: [Change]

        /// What is different: what its changes have in common.
        package var name: String { changes.first?.name ?? "" }
    }

    /// The API, or the section of the manifest.
    package let heading: String
    package internal(set) var groups: [Group] = []

    /// All of its changes.
    package var changes: [Change] { groups.flatMap(\.changes) }
}

extension ChangeReport {
    /// The changes below their headings, in the order of the report.
    package var sections: [ChangeSection] {
        var sections: [ChangeSection] = []
        for (index, change) in changes.enumerated() {
            let last = index == 0 ? nil : changes[index - 1]
            let isSameSection = last.map {
                $0.place.api == change.place.api && $0.place.heading == change.place.heading
            }
            if isSameSection != true { sections.append(ChangeSection(heading: change.place.heading)) }
            let section = sections.count - 1
            let isSamePlace = isSameSection == true && last?.place == change.place && last?.oldPlace == change.oldPlace
            if isSamePlace, last?.symbol == change.symbol {
                sections[section].groups[sections[section].groups.count - 1].changes.append(change)
            } else {
                sections[section].groups.append(ChangeSection.Group(changes: [change]))
            }
        }
        return sections
    }
}
