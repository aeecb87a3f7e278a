public import Linux
import OCI
import SystemPackage

/// A container's root directory, opened from outside the container.
///
/// Paths opened through it stay inside, however hostile the container is.
public enum ContainerRoot {
    /// Opens the root that a running process sees, with everything that is mounted there.
    public static func seen(
        by process: borrowing ProcessHandle
    ) throws(RuntimeError) -> ConfinedDirectory {
        let root = try RuntimeError.during(
            .namespaces,
            Descriptor.open(FilePath("/proc/\(process.pid)/root"), [.pathOnly, .directory])
        )
        // While the process runs, its pid cannot have been reused.
        guard process.isRunning() else { throw .ended(.namespaces) }
        return ConfinedDirectory(root)
    }

    /// Opens the root file system of a running process without the mounts on it.
    ///
    /// The caller has one thread and loses its working directory.
    public static func withoutMounts(
        of process: borrowing ProcessHandle
    ) throws(RuntimeError) -> ConfinedDirectory {
        do {
            return try Namespaces.mount.visiting(process) { () throws(SystemCallError) in
                let view = try DetachedMount(copying: "/", recursively: false)
                return ConfinedDirectory(view.takeDescriptor())
            }
        } catch {
            throw .refused(
                .namespaces,
                error.replacingSubject(with: "process \(process.pid)")
            )
        }
    }

    /// Mounts the root of a container that does not run, with the files and volumes that it binds.
    ///
    /// The caller enters a new mount namespace, which is destroyed when it exits. With
    /// `isWritable`, writes go to the container's own layer, so the container must not be started
    /// concurrently; without it, the root is read-only.
    public static func mounted(
        _ bundle: Bundle,
        isWritable: Bool,
        withMounts: Bool = true
    ) throws(RuntimeError) -> ConfinedDirectory {
        var bundle = bundle
        let mounts = bundle.specification.mounts ?? []
        bundle.specification.mounts = withMounts ? mounts.filter(\.isPersistent) : []
        try RuntimeError.during(.namespaces, Namespaces.mount.unshare())
        try RuntimeError.during(
            .namespaces,
            Mount.change("/", propagation: .private, recursively: true)
        )
        if !isWritable { try bundle.divertWrites() }
        let rootfs = RootFilesystem(bundle, hierarchy: CgroupHierarchy([]))
        try rootfs.mountAll {}
        let isReadOnly = !isWritable || bundle.specification.root?.readonly == true
        return try rootfs.withRoot { (root) throws(RuntimeError) in
            if isReadOnly {
                try RuntimeError.during(.rootfs, Mount.change(root.descriptor, set: .readOnly))
            }
            let copy = try RuntimeError.during(.rootfs, root.descriptor.duplicate())
            return ConfinedDirectory(copy)
        }
    }
}

extension Bundle {
    /// Adds a tmpfs as the writable layer, for mount points that are missing in the root.
    fileprivate mutating func divertWrites() throws(RuntimeError) {
        guard let overlay = specification.extensions.overlay else { return }
        let path = rootPath
        let (upper, work) = (path.appending("upper"), path.appending("work"))
        do {
            try FileSystem.makeDirectories(path)
            let settings = [MountSetting("mode", "755")]
            try DetachedMount(type: "tmpfs", source: "tmpfs", settings: settings).attach(to: path)
            try FileSystem.makeDirectory(upper)
            try FileSystem.makeDirectory(work)
        } catch {
            throw .refused(.rootfs, error)
        }
        let own = overlay.upper.map { [$0] } ?? []
        specification.extensions.overlay = RuntimeExtensions.Overlay(
            lower: own + overlay.lower,
            upper: upper,
            work: work
        )
    }
}

extension RuntimeSpecification.Mount {
    /// Whether the mount has content without a process of the container.
    fileprivate var isPersistent: Bool {
        let transient: Set<String> = [
            "proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2",
        ]
        return MountOptions(options ?? []).isBind || !transient.contains(type ?? "none")
    }
}
