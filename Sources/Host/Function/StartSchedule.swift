// Whose turn it is to start an environment: so many at a time, and one function after the other.

/// Shares a number of slots among those who want them. Each takes one in turn, however many it wants.
struct StartSchedule<Applicant: Hashable> {
    /// How many more may be taken.
    private(set) var free: Int
    private var demands: [Applicant: Int] = [:]
    /// Those with a demand, the next one first.
    private var order: [Applicant] = []

    /// - Parameter slots: how many may be taken at the same time.
    init(slots: Int) { free = slots }

    /// Sets how many slots someone wants from now on, beyond those that it has.
    mutating func setDemand(_ demand: Int, of applicant: Applicant) {
        if demand > 0 {
            if demands.updateValue(demand, forKey: applicant) == nil { order.append(applicant) }
        } else if demands.removeValue(forKey: applicant) != nil {
            order.removeAll { $0 == applicant }
        }
    }

    /// How many slots someone wants.
    func demand(of applicant: Applicant) -> Int { demands[applicant] ?? 0 }

    /// Takes a slot; returns who gets it, or nil where none is free or wanted.
    mutating func takeNext() -> Applicant? {
        guard free > 0, let applicant = order.first, let demand = demands[applicant] else { return nil }
        order.removeFirst()
        free -= 1
        demands[applicant] = demand > 1 ? demand - 1 : nil
        if demand > 1 { order.append(applicant) }
        return applicant
    }

    /// Gives a slot back.
    mutating func release() { free += 1 }
}
