import ContainerRuntime
public import Linux
import OCI
import SystemPackage

/// Samples the resource usage of a project's containers.
public final class UsageReader {
    private let paths: DataPaths
    private let hierarchy: CgroupHierarchy
    private let hostMemory: UInt64
    private var earlier: [String: UsageSample] = [:]
    private var cgroups: [String: Cgroup] = [:]

    public init(_ paths: DataPaths) throws {
        self.paths = paths
        hierarchy = try CgroupHierarchy.discover()
        hostMemory = HostMemory.total(in: try FileSystem.readText("/proc/meminfo"))
    }

    /// The usage of each container since the last call, by id; missing for a container without an
    /// earlier sample.
    public func read(_ containers: [ExistingContainer]) throws -> [String: ContainerUsage] {
        var usages: [String: ContainerUsage] = [:]
        var samples: [String: UsageSample] = [:]
        for container in containers {
            guard let sample = try sample(container) else {
                if !container.isRunning { usages[container.id] = ContainerUsage() }
                continue
            }
            samples[container.id] = sample
            guard let first = earlier[container.id] else { continue }
            usages[container.id] = ContainerUsage(first, sample, hostMemory: hostMemory)
        }
        earlier = samples
        return usages
    }

    /// Nil if it is not running.
    private func sample(_ container: ExistingContainer) throws -> UsageSample? {
        guard let pid = container.state.pid else { return nil }
        let hasInterfaces: Bool
        switch container.record.network {
        case .host, .none: hasInterfaces = false
        case .attached, .container: hasInterfaces = true
        }
        do throws(RuntimeError) {
            return UsageSample(
                time: .now,
                cgroup: try hierarchy.isAvailable
                    ? cgroup(of: container).statistics() : CgroupStatistics(processesWith: pid),
                traffic: hasInterfaces ? try InterfaceTraffic(seenBy: pid) : nil
            )
        } catch {
            // The container has just exited.
            guard case .refused(_, let fault) = error,
                [.noSuchFileOrDirectory, .noSuchProcess, .operationNotSupportedByDevice]
                    .contains(fault.reason)
            else { throw error }
            return nil
        }
    }

    private func cgroup(of container: ExistingContainer) throws(RuntimeError) -> Cgroup {
        if let known = cgroups[container.id] { return known }
        let files = paths.project(container.record.project).container(container.id)
        let bundle = try Bundle(reading: files.directory)
        let cgroup = Cgroup(bundle.specification, container.id, hierarchy)
        cgroups[container.id] = cgroup
        return cgroup
    }
}

extension UsageReader {
    /// Calls `show` every second with the result of `containers` and their usage until SIGINT or
    /// SIGTERM, which it returns; after a single call, if `isOnce`, it returns nil.
    ///
    /// Unless `isOnce`, the first call is immediate, before most containers have a usage.
    public func follow(
        _ containers: () throws -> [ExistingContainer],
        isOnce: Bool,
        show: ([ExistingContainer], [String: ContainerUsage]) throws -> Void
    ) throws -> Signal? {
        let loop = try EventLoop()
        let signals = try SignalReader([.interrupt, .terminate])
        var signal: Signal?
        try loop.watch(signals.descriptor.number) { _ in
            signal = signals.next()
            loop.stop()
        }
        var found = try containers()
        var usages = try read(found)
        if !isOnce { try show(found, usages) }
        repeat {
            loop.after(.seconds(1)) { loop.stop() }
            try loop.run()
            if signal != nil { break }
            found = try containers()
            usages = try read(found)
            try show(found, usages)
        } while !isOnce
        return signal
    }
}

/// The memory of the host. Source: proc_meminfo(5).
enum HostMemory {
    /// In bytes; 0 if `text` lacks the value.
    static func total(in text: String) -> UInt64 {
        for line in text.split(separator: "\n") where line.hasPrefix("MemTotal:") {
            let words = line.split(separator: " ")
            return words.count > 1 ? (UInt64(words[1]) ?? 0) * 1024 : 0
        }
        return 0
    }
}
