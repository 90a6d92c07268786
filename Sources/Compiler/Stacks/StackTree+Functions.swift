// The functions of all stacks, as each of them names those of the others.

internal import Manifest

extension StackTree {
    /// The stacks, each knowing the functions of the others: ARNs travel through parameters and outputs.
    func linked() -> [ResolvedTemplate] {
        let all = sorted
        guard all.count > 1 else { return all }
        var names: [String: (stack: StackPath, id: String)] = [:]
        for template in all {
            for (id, name) in template.functionNames.sorted(by: { $0.key < $1.key }) where names[name] == nil {
                names[name] = (template.stack.path, id)
            }
        }
        return all.map { template in
            var linked = template
            for (name, function) in names where function.stack != template.stack.path {
                linked.functionNames["/" + function.stack.identity(function.id)] = name
            }
            return linked
        }
    }
}
