import Linux
import Testing

struct ResourceLimitTests {
    @Test(arguments: ResourceLimit.allCases)
    func `a limit is parsed from its names in Compose files and bundles`(limit: ResourceLimit) {
        #expect(ResourceLimit(limit.description) == limit)
        #expect(ResourceLimit("RLIMIT_\(limit.description.uppercased())") == limit)
    }

    @Test(arguments: ["", "nofiles", "RLIMIT_", "rlimit_rlimit_cpu"])
    func `an unknown limit is refused`(name: String) {
        #expect(ResourceLimit(name) == nil)
    }
}
