import Glibc

/// A file descriptor that is closed when its owner is destroyed.
public struct Descriptor: ~Copyable, Sendable {
    /// The number, valid for as long as this value lives.
    public let number: Int32

    /// Takes ownership of `number`, which must not be closed elsewhere.
    public init(owning number: Int32) { self.number = number }

    /// Transfers ownership of the number to the caller.
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    deinit { close(number) }
}
