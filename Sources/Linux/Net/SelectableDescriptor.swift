import Synchronization
import SystemPackage

/// A descriptor number below `limit`, kept free for a library that passes its socket to select(2).
///
/// glibc aborts the process when select(2) is given a higher number, and a supervisor of many
/// containers, or a build of a deep tree, has more descriptors open than that.
enum SelectableDescriptor {
    /// `FD_SETSIZE`; source: select(2).
    private static let limit: Int32 = 1024
    /// Occupies the number until it is needed; taken on first use, when few are open.
    private static let reserved = Mutex<Descriptor?>(nil)

    /// Runs `body` while the number is free, so that the first descriptor it opens gets it.
    ///
    /// Throws `EMFILE` if every number below `limit` is in use.
    static func whileFree<Value>(_ body: () -> Value) throws(SystemCallError) -> Value {
        try reserved.withLock { reserved throws(SystemCallError) in
            reserved = nil
            let probe = try Descriptor.open("/dev/null")
            guard probe.number < limit else {
                throw SystemCallError(
                    call: "open",
                    subject: "a descriptor below \(limit)",
                    reason: .tooManyOpenFiles
                )
            }
            _ = consume probe
            let value = body()
            // Without a reservation the next call looks for a free number again.
            reserved = try? Descriptor.open("/dev/null")
            return value
        }
    }
}
