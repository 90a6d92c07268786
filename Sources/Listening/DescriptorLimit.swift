// How many clients the process can afford.

internal import Glibc

/// How many clients the process has descriptors for.
package enum DescriptorLimit {
    /// Raises the limit of descriptors as far as it goes.
    ///
    /// - Parameter wanted: how many clients are to be let in.
    /// - Returns: that, or half of the descriptors if that is less: each client may need one more for its endpoint.
    package static func connections(wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return max(1, min(wanted, Int(clamping: limit.rlim_cur) / 2))
    }
}
