import ComposeFile
import ContainerRuntime
import OCI
import SystemPackage

extension ContainerDesign {
    /// The bundle's `config.json`.
    ///
    /// Namespaces of other containers are left out: where they are is known at the start only.
    func specification(
        _ mounts: MountDesign,
        _ files: ContainerPaths
    ) throws -> RuntimeSpecification {
        guard !command.isEmpty else {
            throw OrchestratorError.noCommand(service.place(of: "command"), image: imageName)
        }
        try refuseWhatThisMachineLacks()
        var design = DefaultSpecification(arguments: command, cgroupPath: cgroupPath)
        try describeProcess(&design)
        try describePrivileges(&design)
        try describeNamespaces(&design)
        describeFiles(&design, mounts, files)
        design.resources = try resources()
        var specification = try design.specification()
        specification.annotations = service.annotations.merging(
            specification.annotations ?? [:]
        ) { $1 }
        return specification
    }

    private var cgroupPath: String {
        service.cgroupParent.map { "/\($0)/\(id)" } ?? "/swiftcompose/\(id)"
    }

    private func describeProcess(_ design: inout DefaultSpecification) throws {
        design.environment = environment
        design.workingDirectory =
            service.workingDirectory ?? (config.workingDir.isEmpty ? "/" : config.workingDir)
        design.hasTerminal = service.tty
        design.user = user
        design.groups = service.groupAdd
        design.usesInit = service.usesInit ?? false
        design.resourceLimits = try service.ulimits.sorted { $0.key < $1.key }
            .map { try resourceLimit($0.key, $0.value) }
        design.outOfMemoryAdjustment = service.oomScoreAdjustment.map { Int($0) }
    }

    private func describePrivileges(_ design: inout DefaultSpecification) throws {
        design.isPrivileged = service.privileged
        design.addedCapabilities = service.addedCapabilities
        design.droppedCapabilities = service.droppedCapabilities
        design.deviceRules = service.deviceCgroupRules
        design.devices = service.devices.map { device in
            DefaultSpecification.DeviceRequest(
                source: FilePath(device.source),
                target: device.target,
                permissions: device.permissions ?? "rwm"
            )
        }
        for option in service.securityOptions { try apply(option, to: &design) }
    }

    /// `no-new-privileges`, `seccomp=…`, `apparmor=…`, `systempaths=unconfined`; `:` or `=`.
    private func apply(_ option: String, to design: inout DefaultSpecification) throws {
        let parts = option.split(maxSplits: 1) { $0 == "=" || $0 == ":" }.map(String.init)
        let value = parts.count > 1 ? parts[1] : ""
        switch (parts.first, value) {
        case ("no-new-privileges", "false"): design.noNewPrivileges = false
        case ("no-new-privileges", _): design.noNewPrivileges = true
        case ("seccomp", "unconfined"): design.seccomp = .unconfined
        case ("seccomp", "builtin"): design.seccomp = .builtIn
        case ("seccomp", _):
            let path = FilePath(project.workingDirectory).pushing(FilePath(value))
            design.seccomp = .profile(try SeccompProfile(reading: path))
        case ("apparmor", _): design.appArmorProfile = value
        case ("systempaths", "unconfined"): design.hasUnconfinedSystemPaths = true
        case ("label", _): break  // SELinux labels mean nothing to a kernel without SELinux.
        default:
            throw OrchestratorError.invalidValue(
                service.place(of: "security_opt"),
                value: option,
                wanted: "no-new-privileges, seccomp=…, apparmor=…, label=… or systempaths=…"
            )
        }
    }

    private func describeNamespaces(_ design: inout DefaultSpecification) throws {
        design.pidNamespace = choice(service.pid)
        design.ipcNamespace = choice(service.ipc)
        design.utsNamespace = choice(service.uts)
        design.cgroupNamespace = service.cgroup == .host ? .host : .new
        design.networkNamespace = networkUse == .host ? .host : .new
        design.hasNoSharedMemory = service.ipc == .mode("none")
        design.hostName = service.hostname ?? String(id.prefix(12))
        design.domainName = service.domainName
        design.sysctls = service.sysctls
    }

    private func choice(_ mode: NamespaceMode?) -> DefaultSpecification.NamespaceChoice {
        mode == .host ? .host : .new
    }

    private func describeFiles(
        _ design: inout DefaultSpecification,
        _ mounts: MountDesign,
        _ files: ContainerPaths
    ) {
        design.hasReadOnlyRoot = service.readOnly
        design.sharedMemorySize = service.shmSize?.bytes ?? 64 << 20
        design.overlay = RuntimeExtensions.Overlay(
            lower: lowerDirectories.map { FilePath($0) },
            upper: files.upper,
            work: files.work
        )
        let names = [
            (files.hosts, "/etc/hosts"), (files.hostname, "/etc/hostname"),
            (files.resolvConf, "/etc/resolv.conf"),
        ]
        let taken = Set(mounts.mounts.map(\.destination))
        let own = names.filter { !taken.contains($0.1) }.map { path, target in
            Mount(
                destination: target,
                type: "bind",
                source: path.string,
                options: ["bind", "rprivate"]
            )
        }
        design.mounts = own + mounts.mounts
    }

    /// Attributes that ask for what there is not here.
    private func refuseWhatThisMachineLacks() throws {
        if let runtime = service.runtime, !["runc", "swiftcompose"].contains(runtime) {
            throw OrchestratorError.unsupported(
                service.place(of: "runtime"),
                reason: "'\(runtime)' is not here; the embedded runtime is the only one, "
                    + "so leave the attribute out"
            )
        }
        if !service.gpus.isEmpty || service.deploy?.reservations?.devices.isEmpty == false {
            throw OrchestratorError.unsupported(
                service.place(of: "gpus"),
                reason: "no driver for graphics processors was found on this machine"
            )
        }
        if let size = service.storageOptions["size"] {
            throw OrchestratorError.unsupported(
                service.place(of: "storage_opt"),
                reason: "a limit of \(size) needs project quotas, which overlayfs here has not"
            )
        }
    }
}
