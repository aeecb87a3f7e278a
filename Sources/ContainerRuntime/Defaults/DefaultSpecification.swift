public import OCI

/// The settings of a container in the terms of `docker run`, with its defaults.
public struct DefaultSpecification: Sendable {
    /// The origin of one of the container's namespaces.
    public enum NamespaceChoice: Sendable, Equatable {
        case new
        case host
        /// The existing namespace at this path, such as `/proc/PID/ns/net`.
        case path(String)
    }

    /// The system call filter.
    public enum SeccompChoice: Sendable {
        case builtIn
        case unconfined
        case profile(SeccompProfile)
    }

    // The process.
    public var arguments: [String]
    public var environment: [String] = []
    public var workingDirectory = "/"
    public var hasTerminal = false
    public var consoleSize: RuntimeSpecification.ConsoleSize?
    /// `user[:group]`, looked up in the image; nil for root.
    public var user: String?
    /// Supplementary groups by name or number.
    public var groups: [String] = []
    public var usesInit = false
    public var resourceLimits: [RuntimeSpecification.ResourceLimit] = []
    public var outOfMemoryAdjustment: Int?

    // Privileges.
    public var isPrivileged = false
    /// Names with or without `CAP_`, or `ALL`.
    public var addedCapabilities: [String] = []
    public var droppedCapabilities: [String] = []
    public var noNewPrivileges = false
    public var seccomp = SeccompChoice.builtIn
    public var appArmorProfile: String?
    /// Omits masked and read-only kernel files: `systempaths=unconfined`.
    public var hasUnconfinedSystemPaths = false
    public var devices: [DeviceRequest] = []
    /// Additional device rules such as `c 1:3 mr`.
    public var deviceRules: [String] = []

    // The host name and file systems.
    public var hostName: String?
    public var domainName: String?
    public var hasReadOnlyRoot = false
    public var overlay: RuntimeExtensions.Overlay?
    /// The size of the tmpfs at `/dev/shm` in bytes.
    public var sharedMemorySize: Int64 = 64 << 20
    /// Omits `/dev/shm`: `ipc: none`.
    public var hasNoSharedMemory = false
    /// Mounts in addition to the standard ones, parents before children.
    public var mounts: [RuntimeSpecification.Mount] = []
    public var sysctls: [String: String] = [:]

    // Namespaces and limits.
    public var pidNamespace = NamespaceChoice.new
    public var networkNamespace = NamespaceChoice.new
    public var ipcNamespace = NamespaceChoice.new
    public var utsNamespace = NamespaceChoice.new
    public var cgroupNamespace = NamespaceChoice.new
    /// The path below the root of every control group tree.
    public var cgroupPath: String
    /// Resource limits; the device rules are derived from the other settings.
    public var resources = RuntimeSpecification.Resources()

    public init(arguments: [String], cgroupPath: String) {
        self.arguments = arguments
        self.cgroupPath = cgroupPath
    }
}

extension DefaultSpecification {
    /// Returns the OCI specification, with the root file system at `rootfs` in the bundle.
    public func specification() throws(RuntimeError) -> RuntimeSpecification {
        let capabilities = try capabilities()
        let devices = try allDevices()
        var linux = RuntimeSpecification.Linux(
            namespaces: namespaces(),
            resources: resources,
            cgroupsPath: cgroupPath
        )
        linux.resources?.devices = try rules(for: devices)
        linux.devices = devices.map(\.node)
        linux.sysctl = try allSysctls()
        if !isPrivileged && !hasUnconfinedSystemPaths {
            linux.maskedPaths = Self.maskedPaths
            linux.readonlyPaths = Self.readOnlyPaths
        }
        linux.seccomp = seccomp(capabilities)
        var specification = RuntimeSpecification(
            process: process(capabilities),
            root: .init(path: "rootfs", readonly: hasReadOnlyRoot),
            linux: linux
        )
        specification.hostname = utsNamespace == .new ? hostName : nil
        specification.domainname = utsNamespace == .new ? domainName : nil
        specification.mounts = allMounts()
        specification.extensions = RuntimeExtensions(
            overlay: overlay,
            user: user,
            groups: groups,
            // A container that joins a PID namespace uses the init of that namespace.
            usesInit: usesInit && pidNamespace == .new
        )
        return specification
    }

    private func process(_ capabilities: [String]) -> RuntimeSpecification.Process {
        var process = RuntimeSpecification.Process(
            args: arguments,
            env: environment,
            cwd: workingDirectory,
            terminal: hasTerminal ? true : nil
        )
        process.consoleSize = hasTerminal ? consoleSize : nil
        process.capabilities = .init(
            bounding: capabilities,
            effective: capabilities,
            permitted: capabilities
        )
        process.rlimits = resourceLimits.isEmpty ? nil : resourceLimits
        process.noNewPrivileges = noNewPrivileges
        process.apparmorProfile = appArmorProfile
        process.oomScoreAdj = outOfMemoryAdjustment
        return process
    }

    private func seccomp(_ capabilities: [String]) -> RuntimeSpecification.Seccomp? {
        switch seccomp {
        case .builtIn: isPrivileged ? nil : DefaultSeccomp.profile(capabilities: capabilities)
        case .unconfined: nil
        case .profile(let profile): profile.resolved(capabilities: capabilities)
        }
    }

    private func namespaces() -> [RuntimeSpecification.Namespace] {
        let choices: [(RuntimeSpecification.Namespace.Kind, NamespaceChoice)] = [
            (.mount, .new), (.pid, pidNamespace), (.network, networkNamespace),
            (.ipc, ipcNamespace), (.uts, utsNamespace), (.cgroup, cgroupNamespace),
        ]
        return choices.compactMap { kind, choice in
            switch choice {
            case .new: RuntimeSpecification.Namespace(kind)
            case .host: nil
            case .path(let path): RuntimeSpecification.Namespace(kind, path: path)
            }
        }
    }
}
