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

extension Placement {
    init(_ fields: Fields) throws(ComposeError) {
        constraints = try fields.strings("constraints")
        preferences = try fields.list("preferences") { preference throws(ComposeError) in
            try preference.string("spread")
        }
        maxReplicasPerNode = try fields.number("max_replicas_per_node") ?? 0
        extensions = fields.extensions
    }
}
