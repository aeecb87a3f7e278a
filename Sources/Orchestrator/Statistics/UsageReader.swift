import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// Looks at the containers of a project again and again, and tells what they use.
public final class UsageReader {
    private let paths: DataPaths
    private let hierarchy: CgroupHierarchy
    private let machineMemory: UInt64
    private var earlier: [String: UsageSample] = [:]
    private var cgroups: [String: Cgroup] = [:]

    public init(_ paths: DataPaths) throws {
        self.paths = paths
        hierarchy = try CgroupHierarchy.discover()
        machineMemory = MachineMemory.total(in: try FileSystem.readText("/proc/meminfo"))
    }

    /// What each container uses, by id; nil for one that is seen for the first time, or has gone.
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
            usages[container.id] = ContainerUsage(first, sample, machineMemory: machineMemory)
        }
        earlier = samples
        return usages
    }

    /// Nil when it does not run.
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
                cgroup: try cgroup(of: container).statistics(),
                traffic: hasInterfaces ? try InterfaceTraffic(seenBy: pid) : nil
            )
        } catch {
            // It has just ended.
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

/// The machine's memory. Source: proc_meminfo(5).
enum MachineMemory {
    /// In bytes; 0 when the text does not say.
    static func total(in text: String) -> UInt64 {
        for line in text.split(separator: "\n") where line.hasPrefix("MemTotal:") {
            let words = line.split(separator: " ")
            return words.count > 1 ? (UInt64(words[1]) ?? 0) * 1024 : 0
        }
        return 0
    }
}
