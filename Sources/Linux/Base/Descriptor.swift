import Glibc

/// An open file description's descriptor, closed when its owner goes.
public struct Descriptor: ~Copyable, Sendable {
    /// The number, valid for as long as this value lives.
    public let number: Int32

    /// Takes over `number`, which nobody else closes from now on.
    public init(owning number: Int32) { self.number = number }

    /// Gives the number to someone who closes it.
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    deinit { close(number) }
}
