import ContainerRuntime
import ImageStore
import Linux
import OCI
public import SystemPackage

/// The facts about this host that `system info` shows.
public struct HostSummary: Sendable, Equatable {
    /// Containers by state.
    public var running = 0
    public var paused = 0
    public var stopped = 0
    public var images = 0
    public var dataRoot: FilePath
    public var name = ""
    public var kernelVersion = ""
    public var operatingSystem = ""
    public var operatingSystemVersion = ""
    public var architecture: String
    public var processors = 0
    /// In bytes.
    public var memory: UInt64 = 0
    /// 1 or 2.
    public var cgroupVersion = 2
    public var hasAppArmor = false

    /// Reads the records of all containers and images, and the kernel's tables.
    public init(_ host: Host) throws {
        dataRoot = host.paths.data
        architecture = Platform.host.architecture
        for container in try host.containers.ofAllProjects() {
            switch container.state.status {
            case .paused: paused += 1
            case .running, .restarting: running += 1
            case .created, .removing, .exited, .dead: stopped += 1
            }
        }
        images = Set(try host.images.images().map(\.image.id)).count
        name = Self.line("/proc/sys/kernel/hostname")
        kernelVersion = Self.line("/proc/sys/kernel/osrelease")
        let system = Self.assignments(in: Self.text("/etc/os-release"))
        operatingSystem = system["PRETTY_NAME"] ?? system["NAME"] ?? "Linux"
        operatingSystemVersion = system["VERSION_ID"] ?? ""
        memory = HostMemory.total(in: Self.text("/proc/meminfo"))
        let capabilities = try HostCapabilities.current()
        processors = capabilities.processors.numbers.count
        hasAppArmor = capabilities.hasAppArmor
        cgroupVersion = try CgroupHierarchy.discover().version == .v2 ? 2 : 1
    }

    /// Empty if the file cannot be read: the summary then lacks its facts.
    private static func text(_ path: FilePath) -> String {
        (try? FileSystem.readText(path)) ?? ""
    }

    private static func line(_ path: FilePath) -> String {
        text(path).split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The assignments `NAME="VALUE"` of os-release(5).
    static func assignments(in text: String) -> [String: String] {
        text.split(separator: "\n").reduce(into: [:]) { values, line in
            guard let separator = line.firstIndex(of: "=") else { return }
            var value = line[line.index(after: separator)...]
            if value.count > 1, let quote = value.first, "\"'".contains(quote), value.last == quote
            {
                value = value.dropFirst().dropLast()
            }
            values[String(line[..<separator])] = String(value)
        }
    }
}
