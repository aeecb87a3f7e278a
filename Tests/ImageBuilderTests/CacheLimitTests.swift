import ImageStore
import OCI
import Testing

@testable import ImageBuilder

struct CacheLimitTests {
    /// Two stacks of two layers on one base, 100 bytes each; used at 30, 20 and 10 seconds.
    private let base = layer("base", over: nil)

    private var first: Layer { layer("first", over: base.chainID) }
    private var second: Layer { layer("second", over: base.chainID) }

    private var entries: [StepCache.Entry] {
        [
            entry("first", first, used: 30), entry("base", base, used: 10),
            entry("second", second, used: 20),
        ]
    }

    @Test(
        arguments: [
            (300, []), (299, ["second"]), (200, ["second"]), (199, ["first", "second"]),
            (100, ["first", "second"]), (99, ["first", "second", "base"]),
            (0, ["first", "second", "base"]),
        ] as [(Int64, [String])]
    )
    func `the least recently used records are removed first`(bytes: Int64, removed: [String]) {
        #expect(surplus(CacheLimit(bytes: bytes)) == Set(removed))
    }

    @Test func `layers of tagged images need no space of the cache`() {
        let images: Set<ChainID> = [base.chainID, first.chainID]
        #expect(surplus(CacheLimit(bytes: 0), images: images) == ["second"])
        #expect(surplus(CacheLimit(bytes: 100), images: images) == [])
    }

    @Test func `a record older than the limit is removed`() {
        let limit = CacheLimit(bytes: .max, age: .seconds(15))
        #expect(surplus(limit, now: 40) == ["second", "base"])
        #expect(surplus(limit, now: 20) == [])
    }

    @Test func `a record whose layer is missing is removed`() {
        let all = CacheLimit.standard.surplus(
            of: entries,
            layers: { _ in [] },
            images: [],
            now: .zero
        )
        #expect(all.count == 3)
    }

    @Test func `a step that changed nothing is kept unless all records are removed`() {
        let entries = [StepCache.Entry(key: digest("none"), record: .nothing, used: .zero)]
        func count(_ limit: CacheLimit) -> Int {
            limit.surplus(of: entries, layers: { _ in [] }, images: [], now: .zero).count
        }
        #expect(count(CacheLimit(bytes: 0)) == 0)
        #expect(count(CacheLimit(bytes: 0, keepsLayersOfImages: false)) == 1)
    }

    @Test(arguments: [Int64.max, -1]) func `an impossible size exceeds every limit`(size: Int64) {
        let layers = [layer("x", over: nil, size: size), layer("y", over: nil, size: size)]
        let surplus = CacheLimit(bytes: .max).surplus(
            of: [entry("x", layers[0], used: 2), entry("y", layers[1], used: 1)],
            layers: { chain in layers.filter { $0.chainID == chain } },
            images: [],
            now: .zero
        )
        #expect(surplus.contains(digest("y")))
    }

    private func surplus(
        _ limit: CacheLimit,
        images: Set<ChainID> = [],
        now: Int = 30
    ) -> Set<String> {
        let (base, first, second) = (base, first, second)
        let keys = limit.surplus(
            of: entries,
            layers: { chain in
                switch chain {
                case base.chainID: [base]
                case first.chainID: [first, base]
                default: [second, base]
                }
            },
            images: images,
            now: .seconds(now)
        )
        return Set(["first", "second", "base"].filter { keys.contains(digest($0)) })
    }

    private func entry(_ name: String, _ layer: Layer, used: Int) -> StepCache.Entry {
        StepCache.Entry(
            key: digest(name),
            record: .layer(layer.chainID),
            used: .seconds(used)
        )
    }
}

private func digest(_ text: String) -> OCI.Digest { OCI.Digest.sha256(of: Array(text.utf8)) }

private func layer(_ name: String, over parent: ChainID?, size: Int64 = 100) -> Layer {
    Layer(
        descriptor: ContentDescriptor(
            mediaType: .layer,
            digest: digest("blob \(name)"),
            size: size
        ),
        diffID: digest("diff \(name)"),
        over: parent
    )
}
