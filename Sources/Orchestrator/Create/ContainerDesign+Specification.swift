import ComposeFile
import ContainerRuntime
import Notation
import OCI
import SystemPackage

extension ContainerDesign {
    /// The bundle's `config.json`.
    ///
    /// Namespaces of other containers are left out: their paths are known only at the start. The
    /// numeric user is for other runtimes; ours resolves it again in the mounted root file system.
    func specification(
        _ mounts: MountDesign,
        _ files: ContainerPaths
    ) throws -> RuntimeSpecification {
        guard !command.isEmpty else {
            throw OrchestratorError.noCommand(service.place(of: "command"), image: imageName)
        }
        var design = DefaultSpecification(arguments: command, cgroupPath: cgroupPath)
        try describeProcess(&design)
        try describePrivileges(&design)
        try describeNamespaces(&design)
        describeFiles(&design, mounts, files)
        design.resources = try resources()
        var specification: RuntimeSpecification
        do {
            specification = try design.specification()
        } catch {
            throw service.explain(error)
        }
        if let user {
            // An unknown user is reported at the start, when the image is mounted.
            let database = UserDatabase(layers: lowerDirectories.map { FilePath($0) })
            let known = try? database.identity(of: user, additionalGroups: service.groupAdd)
            specification.process?.user = known.map { known in
                .init(uid: known.user, gid: known.group, additionalGids: known.groups)
            }
        }
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
        try UserBounds.current()?.apply(to: &design)
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
        // As Docker does, if its engine has loaded its profile into the kernel.
        if !service.privileged, AppArmor.isEnabled, AppArmor.isLoaded(AppArmor.standardProfile) {
            design.appArmorProfile = AppArmor.standardProfile
        }
        for (index, text) in service.securityOptions.enumerated() {
            try apply(SecurityOption(text), at: index, to: &design)
        }
    }

    private func apply(
        _ option: SecurityOption?,
        at index: Int,
        to design: inout DefaultSpecification
    ) throws {
        switch option {
        case .noNewPrivileges(let value): design.noNewPrivileges = value
        case .unconfinedSeccomp: design.seccomp = .unconfined
        case .builtInSeccomp: design.seccomp = .builtIn
        case .seccomp(let profile):
            let directory = FilePath(project.workingDirectory)
            design.seccomp = .profile(try service.seccomp(profile, at: index, in: directory))
        case .appArmor(let profile):
            // Docker's own profile is set already, or AppArmor is missing.
            let isStandard = ["", AppArmor.standardProfile].contains(profile)
            if !isStandard { design.appArmorProfile = profile }
        case .unconfinedSystemPaths: design.hasUnconfinedSystemPaths = true
        case .label, nil: break  // Reported by the validation.
        }
    }

    private func describeNamespaces(_ design: inout DefaultSpecification) throws {
        design.pidNamespace = choice(service.pid)
        design.ipcNamespace = choice(service.ipc)
        design.utsNamespace = choice(service.uts)
        design.cgroupNamespace = service.cgroup == .host ? .host : .new
        design.networkNamespace = networkUse == .host ? .host : .new
        design.hasNoSharedMemory = service.ipc == .mode("none")
        design.hostName = hostname
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
        if let size = service.shmSize?.bytes, size > 0 { design.sharedMemorySize = size }
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
                options: ["bind", "rprivate"] + (service.readOnly ? ["ro"] : [])
            )
        }
        design.mounts = own + mounts.mounts
    }
}
