public import OCI

/// An image that services want from a registry.
public struct ImageOrder: Sendable, Hashable {
    public var reference: ImageReference
    public var platform: Platform
    /// Without it the services cannot be made, since they have nothing to build it from.
    public var isNeeded: Bool
}

/// An image that is needed and could not be fetched.
public struct ImageOrderFailure: Error {
    public var order: ImageOrder
    public var reason: String

    public init(_ order: ImageOrder, reason: String) {
        self.order = order
        self.reason = reason
    }
}

extension ImageOrderFailure: CustomStringConvertible {
    public var description: String { reason }
}
