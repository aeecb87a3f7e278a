/// The messages between the two sides of a clone, by their first byte.
enum ChildMessage {
    /// Parent to child: the control group exists.
    ///
    /// The second byte is the number n of version 1 groups, the rest the system call filter. The
    /// first n descriptors are `tasks` files, to which 0 is written; the others are group mounts.
    static let prepared = UInt8(ascii: "p")
    /// Child to parent: all namespaces except the cgroup namespace have been entered.
    static let separated = UInt8(ascii: "n")
    /// Child to parent: set-up is complete; the message carries the terminal if there is one.
    static let created = UInt8(ascii: "c")
    /// Parent to child: execute the program.
    static let start = UInt8(ascii: "s")
    /// Child to parent: an encoded error follows, and the child exits.
    static let failed = UInt8(ascii: "e")
    /// Child to parent: an encoded error follows, the reason if the program cannot be executed.
    static let fault = UInt8(ascii: "f")
}
