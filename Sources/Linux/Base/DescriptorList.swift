import Glibc

/// A list of open descriptors, each closed with the list unless it was taken out.
public final class DescriptorList {
    /// In the order of their insertion.
    public private(set) var numbers: [Int32]

    /// Takes ownership of `numbers`, which must not be closed elsewhere.
    public init(owning numbers: [Int32] = []) { self.numbers = numbers }

    public func append(_ descriptor: consuming Descriptor) { numbers.append(descriptor.release()) }

    /// Moves all descriptors of another list to this one.
    public func append(_ others: DescriptorList) {
        numbers += others.numbers
        others.numbers = []
    }

    /// Removes and returns the first descriptor; nil when the list is empty.
    public func takeFirst() -> Descriptor? {
        numbers.isEmpty ? nil : Descriptor(owning: numbers.removeFirst())
    }

    deinit { for number in numbers { close(number) } }
}
