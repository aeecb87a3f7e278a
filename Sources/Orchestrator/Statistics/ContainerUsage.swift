import ContainerRuntime
import Linux

/// The resource usage of a container, as shown by `stats`.
public struct ContainerUsage: Sendable, Equatable {
    /// In percent of one processor: 200 if two are busy.
    public var processorPercentage: Double = 0
    /// In bytes; the limit is the container's own or the host's memory.
    public var memory: UInt64 = 0
    public var memoryLimit: UInt64 = 0
    /// In bytes since its start.
    public var received: UInt64 = 0
    public var sent: UInt64 = 0
    public var blockRead: UInt64 = 0
    public var blockWritten: UInt64 = 0
    public var processes: UInt64 = 0

    /// The usage of a container that is not running.
    public init() {}

    /// The counters of the later of two samples, and the processor load between them.
    init(_ earlier: UsageSample, _ later: UsageSample, hostMemory: UInt64) {
        let used = later.cgroup.processorTime - earlier.cgroup.processorTime
        let passed = later.time - earlier.time
        if passed > .zero, used > .zero { processorPercentage = used / passed * 100 }
        memory = later.cgroup.memory
        memoryLimit = min(later.cgroup.memoryLimit ?? hostMemory, hostMemory)
        (received, sent) = (later.traffic?.received ?? 0, later.traffic?.sent ?? 0)
        (blockRead, blockWritten) = (later.cgroup.blockRead, later.cgroup.blockWritten)
        processes = later.cgroup.processes
    }

    public var memoryPercentage: Double {
        memoryLimit > 0 ? Double(memory) / Double(memoryLimit) * 100 : 0
    }
}

/// The counters of a container at one moment.
struct UsageSample: Sendable {
    var time: ContinuousClock.Instant
    var cgroup: CgroupStatistics
    /// Nil without a network of its own.
    var traffic: InterfaceTraffic?
}
