import Testing

@testable import ContainerRuntime
@testable import Orchestrator

struct ContainerUsageTests {
    private let start = ContinuousClock.now

    private func sample(
        after passed: Duration,
        processor: Duration,
        limit: UInt64? = nil
    ) -> UsageSample {
        UsageSample(
            time: start + passed,
            cgroup: CgroupStatistics(
                processorTime: processor,
                memory: 256,
                memoryLimit: limit,
                processes: 2,
                blockRead: 5,
                blockWritten: 6
            ),
            traffic: nil
        )
    }

    @Test func `two busy processors are 200 percent`() {
        let usage = ContainerUsage(
            sample(after: .zero, processor: .seconds(10)),
            sample(after: .milliseconds(500), processor: .seconds(11)),
            hostMemory: 1024
        )
        #expect(usage.processorPercentage == 200)
        #expect(usage.processes == 2)
        #expect((usage.blockRead, usage.blockWritten) == (5, 6))
    }

    @Test(arguments: [nil: 25.0, 512: 50, 4096: 25] as [UInt64?: Double])
    func `memory is a percentage of the limit or of the host's memory`(
        limit: UInt64?,
        expected: Double
    ) {
        let usage = ContainerUsage(
            sample(after: .zero, processor: .zero),
            sample(after: .seconds(1), processor: .zero, limit: limit),
            hostMemory: 1024
        )
        #expect(usage.memoryPercentage == expected)
    }

    @Test func `a counter that was reset does not cause a negative load`() {
        let usage = ContainerUsage(
            sample(after: .zero, processor: .seconds(10)),
            sample(after: .seconds(1), processor: .zero),
            hostMemory: 1024
        )
        #expect(usage.processorPercentage == 0)
    }

    @Test func `the host's memory is parsed`() {
        #expect(HostMemory.total(in: "MemTotal:       2048 kB\nMemFree: 1 kB\n") == 2 << 20)
        #expect(HostMemory.total(in: "") == 0)
    }
}
