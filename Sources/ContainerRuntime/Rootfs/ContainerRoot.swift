public import Linux
import OCI
import SystemPackage

/// A container's root directory, opened from outside of the container.
///
/// Whatever is opened through it stays inside, however hostile the container is.
public enum ContainerRoot {
    /// The root as a running process sees it, with everything that is mounted there.
    public static func seen(
        by process: borrowing ProcessHandle
    ) throws(RuntimeError) -> ConfinedDirectory {
        let root = try attempt(.namespaces) { () throws(SystemCallError) in
            try Descriptor.open(FilePath("/proc/\(process.pid)/root"), [.pathOnly, .directory])
        }
        // As long as the process lives its pid has named nobody else.
        guard process.isRunning() else { throw .ended(.namespaces) }
        return ConfinedDirectory(root)
    }

    /// The root file system of a running process alone: where others are mounted, their mount
    /// points are seen as they lie below.
    ///
    /// The caller has one thread, and loses its working directory.
    public static func withoutMounts(
        of process: borrowing ProcessHandle
    ) throws(RuntimeError) -> ConfinedDirectory {
        try attempt(.namespaces, "process \(process.pid)") { () throws(SystemCallError) in
            try Namespaces.mount.visiting(process) { () throws(SystemCallError) in
                let view = try DetachedMount(copying: "/", recursively: false)
                return ConfinedDirectory(view.takeDescriptor())
            }
        }
    }

    /// The root of a container that does not run, with the files and volumes that it binds.
    ///
    /// Mounts in a mount namespace of the caller's own, from now on, which ends with the caller.
    /// What is written while `isWritable` goes where the container's own writing goes, so it must
    /// not be started meanwhile. Otherwise nothing can be written, and it may.
    public static func mounted(
        _ bundle: Bundle,
        isWritable: Bool,
        withMounts: Bool = true
    ) throws(RuntimeError) -> ConfinedDirectory {
        var bundle = bundle
        let mounts = bundle.specification.mounts ?? []
        bundle.specification.mounts = withMounts ? mounts.filter(\.lastsWithoutProcess) : []
        try attempt(.namespaces) { () throws(SystemCallError) in
            try Namespaces.mount.unshare()
            try Mount.change("/", propagation: .private, recursively: true)
        }
        if !isWritable { try bundle.divertWrites() }
        let rootfs = RootFilesystem(bundle, hierarchy: CgroupHierarchy([]))
        try rootfs.mountAll {}
        let isReadOnly = !isWritable || bundle.specification.root?.readonly == true
        return try rootfs.withRoot { (root) throws(RuntimeError) in
            try attempt(.rootfs) { () throws(SystemCallError) in
                if isReadOnly { try Mount.change(root.descriptor, set: .readOnly) }
                return ConfinedDirectory(try root.descriptor.duplicate())
            }
        }
    }
}

extension Bundle {
    /// Puts a directory in memory above the stack, for mount points that are missing in it.
    fileprivate mutating func divertWrites() throws(RuntimeError) {
        guard let overlay = specification.extensions.overlay else { return }
        let path = rootPath
        let (upper, work) = (path.appending("upper"), path.appending("work"))
        try attempt(.rootfs) { () throws(SystemCallError) in
            try FileSystem.makeDirectories(path)
            try DetachedMount(
                type: "tmpfs",
                source: "tmpfs",
                settings: [MountSetting("mode", "755")]
            )
            .attach(to: path)
            try FileSystem.makeDirectory(upper)
            try FileSystem.makeDirectory(work)
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
    /// Whether there is something to see without a process of the container.
    fileprivate var lastsWithoutProcess: Bool {
        let transient: Set<String> = [
            "proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2",
        ]
        return MountOptions(options ?? []).isBind || !transient.contains(type ?? "none")
    }
}
