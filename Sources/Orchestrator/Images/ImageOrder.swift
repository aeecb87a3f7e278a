public import OCI

/// An image to fetch from a registry.
public struct ImageOrder: Sendable, Hashable {
    public var reference: ImageReference
    public var platform: Platform
    /// Its services cannot be created without it: they have no `build` section.
    public var isNeeded: Bool
}

/// A needed image that could not be fetched.
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
