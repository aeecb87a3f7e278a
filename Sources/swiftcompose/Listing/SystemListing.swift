import OCI
import Orchestrator
import SystemPackage

/// The fields of `docker system info` that there are facts for.
struct SystemListing: Encodable {
    let summary: HostSummary

    private enum CodingKeys: String, CodingKey {
        case containers = "Containers"
        case running = "ContainersRunning"
        case paused = "ContainersPaused"
        case stopped = "ContainersStopped"
        case images = "Images"
        case driver = "Driver"
        case loggingDriver = "LoggingDriver"
        case cgroupDriver = "CgroupDriver"
        case cgroupVersion = "CgroupVersion"
        case kernelVersion = "KernelVersion"
        case operatingSystem = "OperatingSystem"
        case operatingSystemVersion = "OSVersion"
        case osType = "OSType"
        case architecture = "Architecture"
        case processors = "NCPU"
        case memory = "MemTotal"
        case dataRoot = "DockerRootDir"
        case name = "Name"
        case version = "ServerVersion"
        case runtime = "DefaultRuntime"
        case security = "SecurityOptions"
        case warnings = "Warnings"
    }

    private var total: Int { summary.running + summary.paused + summary.stopped }

    private var security: [String] {
        (summary.hasAppArmor ? ["name=apparmor"] : []) + ["name=seccomp,profile=builtin"]
            + (summary.cgroupVersion == 2 ? ["name=cgroupns"] : [])
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(total, forKey: .containers)
        try json.encode(summary.running, forKey: .running)
        try json.encode(summary.paused, forKey: .paused)
        try json.encode(summary.stopped, forKey: .stopped)
        try json.encode(summary.images, forKey: .images)
        try json.encode("overlay", forKey: .driver)
        try json.encode("local", forKey: .loggingDriver)
        try json.encode("cgroupfs", forKey: .cgroupDriver)
        try json.encode(String(summary.cgroupVersion), forKey: .cgroupVersion)
        try json.encode(summary.kernelVersion, forKey: .kernelVersion)
        try json.encode(summary.operatingSystem, forKey: .operatingSystem)
        try json.encode(summary.operatingSystemVersion, forKey: .operatingSystemVersion)
        try json.encode("linux", forKey: .osType)
        try json.encode(summary.architecture, forKey: .architecture)
        try json.encode(summary.processors, forKey: .processors)
        try json.encode(summary.memory, forKey: .memory)
        try json.encode(summary.dataRoot.string, forKey: .dataRoot)
        try json.encode(summary.name, forKey: .name)
        try json.encode(SwiftcomposeVersion.current, forKey: .version)
        try json.encode("embedded", forKey: .runtime)
        try json.encode(security, forKey: .security)
        try json.encode([String](), forKey: .warnings)
    }

    /// The lines of the summary for people.
    var text: [String] {
        [
            "Containers: \(total)", " Running: \(summary.running)", " Paused: \(summary.paused)",
            " Stopped: \(summary.stopped)", "Images: \(summary.images)",
            "Version: \(SwiftcomposeVersion.current)", "Storage Driver: overlay",
            "Cgroup Version: \(summary.cgroupVersion)",
            "Security Options: \(security.joined(separator: " "))",
            "Kernel Version: \(summary.kernelVersion)",
            "Operating System: \(summary.operatingSystem)", "OSType: linux",
            "Architecture: \(summary.architecture)", "CPUs: \(summary.processors)",
            "Total Memory: \(DecimalSize.text(Int64(clamping: summary.memory)))",
            "Name: \(summary.name)", "Root Dir: \(summary.dataRoot)",
        ]
    }
}
