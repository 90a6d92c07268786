// The requests that wait for a process, first in, first out.

/// A queue from whose middle requests may go.
struct InvocationQueue {
    private var storage: [Invocation?] = []
    private var head = 0
    /// How many requests wait.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ invocation: Invocation) {
        storage.append(invocation)
        count += 1
    }

    mutating func popFirst() -> Invocation? {
        while head < storage.count {
            defer {
                head += 1
                if head > 64 && head * 2 > storage.count {
                    storage.removeFirst(head)
                    head = 0
                }
            }
            if let invocation = storage[head] {
                storage[head] = nil
                count -= 1
                return invocation
            }
        }
        return nil
    }

    /// How many wait before this one; nil where it does not wait.
    func position(of invocation: Invocation) -> Int? {
        var position = 0
        for case let waiting? in storage[head...] {
            if waiting === invocation { return position }
            position += 1
        }
        return nil
    }

    /// Takes a request out; returns whether it was there.
    mutating func remove(_ invocation: Invocation) -> Bool {
        guard let index = storage.firstIndex(where: { $0 === invocation }) else { return false }
        storage[index] = nil
        count -= 1
        return true
    }
}
