import ImageStore
import OCI

/// The part of the build cache that is kept when it is pruned.
public struct CacheLimit: Sendable, Equatable {
    /// The bytes of layers that the cache keeps although no tagged image has them.
    public var bytes: Int64
    /// The time since its last use after which a record is removed; nil for no limit.
    public var age: Duration?
    /// Whether records of layers that tagged images have are kept, since they need no space.
    public var keepsLayersOfImages = true

    /// 10 GiB, least recently used records being removed first.
    public static let standard = CacheLimit(bytes: 10 << 30)

    public init(bytes: Int64, age: Duration? = nil, keepsLayersOfImages: Bool = true) {
        self.bytes = bytes
        self.age = age
        self.keepsLayersOfImages = keepsLayersOfImages
    }
}

extension CacheLimit {
    /// The keys of the records to remove: those beyond the limits, and those whose layer is missing.
    ///
    /// `layers` returns a stack from its topmost layer down, empty if it is missing; `images` are
    /// the stacks of tagged images.
    func surplus(
        of entries: [StepCache.Entry],
        layers: (ChainID) -> [Layer],
        images: Set<ChainID>,
        now: Duration
    ) -> [OCI.Digest] {
        var kept = images
        var total: Int64 = 0
        var surplus: [OCI.Digest] = []
        for entry in entries.sorted(by: { ($0.used, $0.key.hex) > ($1.used, $1.key.hex) }) {
            if let age, now - entry.used > age {
                surplus.append(entry.key)
                continue
            }
            guard case .layer(let chain) = entry.record else {
                if !keepsLayersOfImages { surplus.append(entry.key) }
                continue
            }
            let stack = layers(chain)
            let own = stack.filter { !kept.contains($0.chainID) }
            // A size that overflows exceeds every limit.
            let size = own.reduce(Int64?(total)) { sum, layer in
                sum.flatMap { Self.sum($0, layer.descriptor.size) }
            }
            let isFree = own.isEmpty && keepsLayersOfImages
            guard !stack.isEmpty, isFree || size.map({ $0 <= bytes }) ?? false else {
                surplus.append(entry.key)
                continue
            }
            if let size { total = size }
            kept.formUnion(own.map(\.chainID))
        }
        return surplus
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64? {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows || right < 0 ? nil : sum
    }
}
