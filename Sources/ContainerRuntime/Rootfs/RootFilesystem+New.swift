import Linux
import OCI
import SystemPackage

// New file systems of the container.
extension RootFilesystem {
    /// Mounts a procfs, which is kept for `writeParameters` if its options hide nothing.
    func mountKernelFiles(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        if let owner = linux.namespaces?.first(where: { $0.type == .pid })?.path {
            return try mountKernelFiles(mount, options, ofNamespace: owner)
        }
        do throws(RuntimeError) {
            keepKernelFiles(try mountNew(mount, options), options)
        } catch {
            guard case .refused(.mounts, let reason) = error, reason.reason == .notPermitted,
                !UserNamespace.isInitial
            else { throw error }
            // Only root of the whole machine may mount the procfs of the host's PID namespace.
            var bound = mount
            bound.source = "/proc"
            var boundOptions = options
            // The kernel keeps the mounts below it from being uncovered.
            boundOptions.isRecursiveBind = true
            try bind(bindSource(bound, boundOptions), bound, boundOptions)
        }
    }

    /// Parameters depend on the namespaces of the process that writes them, not on the procfs.
    private func keepKernelFiles(_ made: consuming DetachedMount, _ options: MountOptions) {
        if options.fileSystem.isEmpty { kernelFiles = ConfinedDirectory(made.takeDescriptor()) }
    }

    /// Mounts the procfs of a PID namespace to join, such as `/proc/PID/ns/pid`.
    ///
    /// This process is no member of the namespace. Since Linux 6.17 the mount takes it as an
    /// option; before, the procfs that the owner has mounted is bound.
    private func mountKernelFiles(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions,
        ofNamespace path: String
    ) throws(RuntimeError) {
        var joined = options
        joined.fileSystem.append(MountSetting("pidns", path))
        do throws(RuntimeError) {
            keepKernelFiles(try mountNew(mount, joined), options)
        } catch {
            guard case .refused(.mounts, let reason) = error, reason.reason == .invalidArgument
            else { throw error }
            let owner = FilePath(path).removingLastComponent().removingLastComponent()
            var bound = mount
            bound.source = owner.appending("root/proc").string
            try bind(bindSource(bound, options), bound, options)
        }
    }

    /// Mounts a new file system, which remains accessible through the result whatever is mounted
    /// over it later.
    func mountNew(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) -> DetachedMount {
        let type = mount.type ?? "none"
        let extra = try missingSettings(type, options, at: mount.destination)
        let settings = extra.isEmpty ? options.fileSystem : options.fileSystem + extra
        let made = try RuntimeError.during(
            .mounts,
            withNetwork(
                of: type,
                DetachedMount(
                    type: type,
                    source: mount.source ?? type,
                    settings: settings,
                    attributes: options.set
                )
            )
        )
        try attach(made, type, to: mount.destination, propagation: options.propagation)
        return made
    }

    /// Gives a tmpfs the mode of the directory that it is mounted on, unless it has a mode.
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
            throw .refused(.mounts, error.replacingSubject(with: "\(type) on \(path)"))
        }
    }

    /// Makes a mount, in the host's network if the file system of this type needs one: the
    /// container is not connected yet.
    private func withNetwork(
        of type: String,
        _ make: @autoclosure () throws(SystemCallError) -> DetachedMount
    ) throws(SystemCallError) -> DetachedMount {
        guard let network, !Self.isLocal(type) else { return try make() }
        return try Namespaces.network.visiting(.open(network), make)
    }

    /// Whether a file system of this type needs no network. A sysfs must not be mounted in the
    /// host's, whose interfaces it would show.
    private static func isLocal(_ type: String) -> Bool {
        switch type {
        case "proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2": true
        default: false
        }
    }

    /// Returns the mode of the image's directory at `path`; nil when there is none.
    private func existingMode(of path: String) throws(RuntimeError) -> UInt16? {
        try withRoot { (root) throws(RuntimeError) in
            do throws(SystemCallError) {
                let status = try root.open(path).status()
                return status.kind == .directory ? status.mode & 0o7777 : nil
            } catch {
                // Missing, or not a possible mount point: creating it reports the reason.
                return nil
            }
        }
    }
}
