import ContainerRuntime
import Linux
import OCI

/// The bounds of an ordinary user's containers, which root does not have.
struct UserBounds: Equatable {
    /// The first port of the host that may be published.
    var firstPort = 1024
    /// The least adjustment of the score by which the kernel selects processes when memory is short.
    var outOfMemoryAdjustment = 0
    /// The hard limits that may not be exceeded.
    var resourceLimits: [ResourceLimit: UInt64] = [:]

    /// Those of this process; nil for root.
    static func current() throws -> UserBounds? {
        guard UserNamespace.holder != nil else { return nil }
        var bounds = UserBounds()
        bounds.firstPort = UserNamespace.firstPort ?? 1024
        bounds.outOfMemoryAdjustment = try CurrentProcess.outOfMemoryAdjustment()
        for limit in ResourceLimit.allCases {
            let hard = try limit.get().hard
            if hard != .max { bounds.resourceLimits[limit] = hard }
        }
        return bounds
    }

    /// Lowers limits to those that this user may set; `privilegeWarnings` reports them.
    func apply(to design: inout DefaultSpecification) {
        design.resourceLimits = design.resourceLimits.map { limit in
            guard let kind = ResourceLimit(limit.type), let own = resourceLimits[kind] else {
                return limit
            }
            var limit = limit
            limit.hard = min(limit.hard, own)
            limit.soft = min(limit.soft, own)
            return limit
        }
        design.outOfMemoryAdjustment = design.outOfMemoryAdjustment.map {
            max($0, outOfMemoryAdjustment)
        }
    }
}
