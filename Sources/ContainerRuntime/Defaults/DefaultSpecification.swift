public import OCI

/// What a container is to be like, in the terms of `docker run`; silent fields are its defaults.
public struct DefaultSpecification: Sendable {
    /// Where one of the container's namespaces comes from.
    public enum NamespaceChoice: Sendable, Equatable {
        case new
        case host
        /// The existing one at this path, like `/proc/PID/ns/net`.
        case path(String)
    }

    /// Which system calls are refused.
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
    /// `user[:group]`, looked up in the image; nil is root.
    public var user: String?
    /// Further groups, by name or number.
    public var groups: [String] = []
    public var usesInit = false
    public var resourceLimits: [RuntimeSpecification.ResourceLimit] = []
    public var outOfMemoryAdjustment: Int?

    // What it may.
    public var isPrivileged = false
    /// Names with or without `CAP_`, or `ALL`.
    public var addedCapabilities: [String] = []
    public var droppedCapabilities: [String] = []
    public var noNewPrivileges = false
    public var seccomp = SeccompChoice.builtIn
    public var appArmorProfile: String?
    /// Leaves out masked and read-only kernel files: `systempaths=unconfined`.
    public var hasUnconfinedSystemPaths = false
    public var devices: [DeviceRequest] = []
    /// Further device rules, like `c 1:3 mr`.
    public var deviceRules: [String] = []

    // What it sees.
    public var hostName: String?
    public var domainName: String?
    public var hasReadOnlyRoot = false
    public var overlay: RuntimeExtensions.Overlay?
    /// In bytes, of the tmpfs at `/dev/shm`.
    public var sharedMemorySize: Int64 = 64 << 20
    /// Leaves `/dev/shm` out: `ipc: none`.
    public var hasNoSharedMemory = false
    /// Mounts beside those every container has, parents before children.
    public var mounts: [RuntimeSpecification.Mount] = []
    public var sysctls: [String: String] = [:]

    // Where it lives.
    public var pidNamespace = NamespaceChoice.new
    public var networkNamespace = NamespaceChoice.new
    public var ipcNamespace = NamespaceChoice.new
    public var utsNamespace = NamespaceChoice.new
    public var cgroupNamespace = NamespaceChoice.new
    /// Below the root of every control group tree.
    public var cgroupPath: String
    /// Limits; its device rules are made here and need not be given.
    public var resources = RuntimeSpecification.Resources()

    public init(arguments: [String], cgroupPath: String) {
        self.arguments = arguments
        self.cgroupPath = cgroupPath
    }
}

extension DefaultSpecification {
    /// The whole as an OCI specification; the root is `rootfs` in the bundle.
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
            // Who shares the processes of others has their init.
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
