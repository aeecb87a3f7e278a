/// On which nodes of a cluster a service runs; means nothing on one machine.
public struct Placement: Sendable, Equatable {
    /// Expressions that a node must meet.
    public var constraints: [String] = []
    /// Node labels to spread over; nil for a preference without one.
    public var preferences: [String?] = []
    /// How many on one node; 0 is no limit.
    public var maxReplicasPerNode: UInt64 = 0
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
    public init() {}
}
