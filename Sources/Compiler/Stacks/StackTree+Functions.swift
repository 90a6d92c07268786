// The functions of all stacks, as each of them names those of the others.

extension StackTree {
    /// The stacks, each knowing the functions of the others: ARNs travel through parameters and outputs.
    func linked() -> [ResolvedTemplate] {
        let all = sorted
        guard all.count > 1 else { return all }
        // All share one list, their own functions included: there may be many stacks with many functions.
        var identities: [String: String] = [:]
        for template in all {
            for (id, name) in template.functionNames.sorted(by: { $0.key < $1.key }) where identities[name] == nil {
                identities[name] = "/" + template.stack.path.identity(id)
            }
        }
        return all.map { template in
            var linked = template
            linked.foreignFunctions = identities
            return linked
        }
    }
}
