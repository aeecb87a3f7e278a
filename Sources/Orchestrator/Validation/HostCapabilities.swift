import ContainerRuntime
import Linux
import SystemPackage

/// The optional features of the running kernel that a service may ask for.
struct HostCapabilities: Equatable {
    /// Control groups that this user may create, without which no limit takes effect.
    var hasControlGroups = true
    /// The bounds of an ordinary user; nil for root.
    var user: UserBounds?
    /// Version 1 controllers, which have more settings.
    var hasVersion1Controllers = false
    /// Realtime bandwidth of control groups.
    var hasRealtimeLimits = false
    /// Swap limits.
    var hasSwapLimits = true
    /// Block device weights.
    var hasBlockWeights = true
    var hasAppArmor = false
    var hasSELinux = false
    /// Empty if unknown.
    var processors = ProcessorSet()

    /// Queries the kernel.
    static func current() throws -> HostCapabilities {
        let hierarchy = try CgroupHierarchy.discover()
        let isVersion1 = hierarchy.version != .v2
        return HostCapabilities(
            hasControlGroups: hierarchy.isAvailable,
            user: try UserBounds.current(),
            hasVersion1Controllers: isVersion1,
            hasRealtimeLimits: isVersion1 && hierarchy.has("cpu", "cpu.rt_runtime_us"),
            hasSwapLimits: !isVersion1 || !hierarchy.isAvailable
                || hierarchy.has("memory", "memory.memsw.limit_in_bytes"),
            hasBlockWeights: !isVersion1 || !hierarchy.isAvailable
                || hierarchy.has("blkio", "blkio.bfq.io_serviced"),
            hasAppArmor: AppArmor.isEnabled,
            hasSELinux: FileSystem.exists("/sys/fs/selinux/enforce"),
            processors: onlineProcessors
        )
    }

    private static var onlineProcessors: ProcessorSet {
        // If unknown, the kernel rejects missing processors itself.
        let text = try? FileSystem.readText("/sys/devices/system/cpu/online")
        return text.flatMap { $0.split(separator: "\n").first }.flatMap { ProcessorSet($0) }
            ?? ProcessorSet()
    }
}

extension CgroupHierarchy {
    /// Whether the root of a version 1 hierarchy has this file.
    fileprivate func has(_ controller: String, _ file: String) -> Bool {
        tree(of: controller).map { FileSystem.exists($0.mountPoint.appending(file)) } ?? false
    }
}
