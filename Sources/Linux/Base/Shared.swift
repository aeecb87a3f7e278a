/// Shares one noncopyable value, such as a descriptor or a lock, among several owners.
///
/// The value is destroyed, and thereby closed or released, with the last reference.
public final class Shared<Value: ~Copyable> {
    public let value: Value

    public init(_ value: consuming Value) { self.value = value }
}

extension Shared: Sendable where Value: ~Copyable & Sendable {}
