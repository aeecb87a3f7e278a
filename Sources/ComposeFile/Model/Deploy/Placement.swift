/// The placement of a service on cluster nodes; without effect on a single machine.
public struct Placement: Sendable, Equatable {
    /// Conditions that a node must meet.
    public var constraints: [String] = []
    /// Node labels over which to spread containers; nil for a preference without one.
    public var preferences: [String?] = []
    /// The maximum number of containers per node; 0 means no limit.
    public var maxReplicasPerNode: UInt64 = 0
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
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
