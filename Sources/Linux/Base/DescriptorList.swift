import Glibc

/// Several open files, each closed with the list unless it has been taken out.
public final class DescriptorList {
    /// In the order in which they came.
    public private(set) var numbers: [Int32]

    /// Takes over `numbers`, which nobody else closes from now on.
    public init(owning numbers: [Int32] = []) { self.numbers = numbers }

    public func append(_ descriptor: consuming Descriptor) { numbers.append(descriptor.release()) }

    /// Takes over all of another list.
    public func append(_ others: DescriptorList) {
        numbers += others.numbers
        others.numbers = []
    }

    /// Takes the first one out; nil when there is none left.
    public func takeFirst() -> Descriptor? {
        numbers.isEmpty ? nil : Descriptor(owning: numbers.removeFirst())
    }

    deinit { for number in numbers { close(number) } }
}
