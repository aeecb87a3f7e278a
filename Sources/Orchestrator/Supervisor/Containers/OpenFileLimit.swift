import Linux

/// How many open files a process may have.
struct OpenFileLimit {
    var soft: UInt64
    var hard: UInt64

    /// Takes as many as we may have, a dozen for each container; the limits as they were before.
    static func raise() throws(SystemCallError) -> OpenFileLimit {
        let limits = try ResourceLimit.nofile.get()
        try ResourceLimit.nofile.set(soft: limits.hard, hard: limits.hard)
        return OpenFileLimit(soft: limits.soft, hard: limits.hard)
    }
}
