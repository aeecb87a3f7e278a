import Orchestrator
import Testing

@testable import EngineAPI

struct ContainerLimitsTests {
    private func limits(_ text: String) throws -> ContainerLimits {
        ContainerLimits(try JSON(parsing: Array(text.utf8)))
    }

    @Test(arguments: [
        (#"{"Memory":100}"#, "Minimum memory limit allowed is 6MB"),
        (
            #"{"Memory":20000000,"MemorySwap":10000000}"#,
            "Minimum memoryswap limit should be larger than memory limit, see usage"
        ),
        (
            #"{"NanoCpus":1,"CpuQuota":5000}"#,
            "Conflicting options: Nano CPUs and CPU Quota cannot both be set."
        ),
        (#"{"CpuQuota":5}"#, "CPU cfs quota can not be less than 1ms (i.e. 1000)"),
    ])
    func `limits are refused as by dockerd`(text: String, message: String) throws {
        let limits = try limits(text)
        #expect(throws: EngineError(400, message)) { try limits.check() }
    }

    @Test func `as much swap as memory is allowed unless set`() throws {
        #expect(try limits(#"{"Memory":10000000}"#).update.memorySwap == 20_000_000)
        #expect(try limits(#"{"Memory":10000000,"MemorySwap":-1}"#).update.memorySwap == -1)
    }

    @Test func `a number of processors becomes a quota`() throws {
        let update = try limits(#"{"NanoCpus":1500000000}"#).update
        #expect(update.period == 100_000)
        #expect(update.quota == 150_000)
    }

    @Test func `unset limits stay`() throws {
        #expect(try limits(#"{"Memory":0,"CpusetCpus":""}"#).update == ContainerUpdate())
    }
}

struct MemberNamesTests {
    @Test func `the case of members is ignored, as by Go's decoder`() throws {
        let document = try JSON(parsing: Array(#"{"detachKeys":"a","Other":1,"CMD":[]}"#.utf8))
        #expect(
            document.namingMembers(["DetachKeys", "Cmd"]) == [
                "DetachKeys": "a", "Other": 1, "Cmd": [],
            ]
        )
    }
}
