import ContainerRuntime
import Linux

/// What a container uses, as `stats` tells it.
public struct ContainerUsage: Sendable, Equatable {
    /// Of one processor: 200 when two are busy.
    public var processorPercentage: Double = 0
    /// In bytes, and how much there could be: its limit, else the machine's memory.
    public var memory: UInt64 = 0
    public var memoryLimit: UInt64 = 0
    /// Bytes since its start.
    public var received: UInt64 = 0
    public var sent: UInt64 = 0
    public var blockRead: UInt64 = 0
    public var blockWritten: UInt64 = 0
    public var processes: UInt64 = 0

    /// Of a container that does not run.
    public init() {}

    /// What the later of two samples says, and how fast processor time went by between them.
    init(_ earlier: UsageSample, _ later: UsageSample, machineMemory: UInt64) {
        let used = later.cgroup.processorTime - earlier.cgroup.processorTime
        let passed = later.time - earlier.time
        if passed > .zero, used > .zero { processorPercentage = used / passed * 100 }
        memory = later.cgroup.memory
        memoryLimit = min(later.cgroup.memoryLimit ?? machineMemory, machineMemory)
        (received, sent) = (later.traffic?.received ?? 0, later.traffic?.sent ?? 0)
        (blockRead, blockWritten) = (later.cgroup.blockRead, later.cgroup.blockWritten)
        processes = later.cgroup.processes
    }

    public var memoryPercentage: Double {
        memoryLimit > 0 ? Double(memory) / Double(memoryLimit) * 100 : 0
    }
}

/// A container's counters at one moment.
struct UsageSample: Sendable {
    var time: ContinuousClock.Instant
    var cgroup: CgroupStatistics
    /// Nil without a network of its own.
    var traffic: InterfaceTraffic?
}
