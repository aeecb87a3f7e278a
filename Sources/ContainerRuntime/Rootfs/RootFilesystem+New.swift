import Linux
import OCI
import SystemPackage

// File systems of the container's own.
extension RootFilesystem {
    /// A procfs, which is kept if all of it can be seen.
    func mountKernelFiles(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let made = try mountNew(mount, options)
        if options.fileSystem.isEmpty { kernelFiles = ConfinedDirectory(made.takeDescriptor()) }
    }

    /// Mounts a file system of its own, which can be reached through the result whatever is
    /// mounted over it later.
    func mountNew(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) -> DetachedMount {
        let type = mount.type ?? "none"
        let extra = try missingSettings(type, options, at: mount.destination)
        let made = try attempt(.mounts) { () throws(SystemCallError) in
            try within(network: type) { () throws(SystemCallError) in
                try DetachedMount(
                    type: type,
                    source: mount.source ?? type,
                    settings: extra.isEmpty ? options.fileSystem : options.fileSystem + extra,
                    attributes: options.set
                )
            }
        }
        try attach(made, type, to: mount.destination, propagation: options.propagation)
        return made
    }

    /// The mode of the directory that memory is mounted on, unless another is asked for.
    private func missingSettings(
        _ type: String,
        _ options: MountOptions,
        at path: String
    ) throws(RuntimeError) -> [MountSetting] {
        guard type == "tmpfs", !options.fileSystem.contains(where: { $0.key == "mode" }),
            let mode = try existingMode(of: path)
        else { return [] }
        return [MountSetting("mode", String(mode, radix: 8))]
    }

    func attach(
        _ made: borrowing DetachedMount,
        _ type: String,
        to path: String,
        propagation: MountPropagation? = nil
    ) throws(RuntimeError) {
        let target =
            type == "proc" || type == "sysfs"
            ? try makeWithoutLinks(path) : try make(path, .directory)
        do throws(SystemCallError) {
            if let propagation { try made.change(propagation: propagation) }
            try made.attach(to: target)
        } catch {
            throw .refused(
                .mounts,
                SystemCallError(
                    call: error.call,
                    subject: "\(type) on \(path)",
                    reason: error.reason
                )
            )
        }
    }

    /// Calls `body` where a file system of this type finds the machine it comes from: volumes are
    /// the host's, and the container has no network yet.
    private func within(
        network type: String,
        _ body: () throws(SystemCallError) -> DetachedMount
    ) throws(SystemCallError) -> DetachedMount {
        guard let network, !Self.isLocal(type) else { return try body() }
        return try Namespaces.network.visiting(.open(network), body)
    }

    /// Whether a file system of this type needs no other machine; `sysfs` shows what its namespace
    /// has.
    private static func isLocal(_ type: String) -> Bool {
        switch type {
        case "proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2": true
        default: false
        }
    }

    /// The permission bits of the directory that the image has at `path`, which memory mounted
    /// there takes over; nil when it has none.
    private func existingMode(of path: String) throws(RuntimeError) -> UInt16? {
        try withRoot { (root) throws(RuntimeError) in
            do throws(SystemCallError) {
                let status = try root.open(path).status()
                return status.kind == .directory ? status.mode & 0o7777 : nil
            } catch {
                // Missing, or no place that a mount could be on: making it will tell.
                return nil
            }
        }
    }
}
