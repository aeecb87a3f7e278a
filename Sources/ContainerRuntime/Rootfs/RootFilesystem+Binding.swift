import Linux
import OCI
import SystemPackage

// Bind mounts of directories of the host, other containers and images.
extension RootFilesystem {
    /// The tree of a bind mount, copied before the container's mounts change the host's view.
    final class BindSource {
        let mount: DetachedMount
        let isDirectory: Bool

        init(_ mount: consuming DetachedMount, isDirectory: Bool) {
            self.mount = mount
            self.isDirectory = isDirectory
        }
    }

    func bindSource(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) -> BindSource {
        let path = bundle.directory.pushing(FilePath(mount.source ?? ""))
        if let path = ProcessRootPath(path) {
            return try RuntimeError.during(
                .mounts,
                "\(path.path) of process \(path.pid)",
                Self.copyTree(at: path, options)
            )
        }
        let subpath = options.subpath.map { ", subpath \($0)," } ?? ""
        return try RuntimeError.during(
            .mounts,
            "\(path)\(subpath) for \(mount.destination)",
            Self.copyTree(at: path, options)
        )
    }

    private static func copyTree(
        at path: FilePath,
        _ options: MountOptions
    ) throws(SystemCallError) -> BindSource {
        guard let subpath = options.subpath else {
            let isDirectory = try FileSystem.status(of: path).kind == .directory
            return BindSource(
                try DetachedMount(copying: path, recursively: options.isRecursiveBind),
                isDirectory: isDirectory
            )
        }
        let volume = ConfinedDirectory(try .open(path, [.pathOnly, .directory]))
        let place = try volume.open(subpath)
        return BindSource(
            try DetachedMount(copying: place, recursively: options.isRecursiveBind),
            isDirectory: try place.status().kind == .directory
        )
    }

    /// Copies a tree of another container from within its mount namespace, since the kernel copies
    /// none from another namespace.
    private static func copyTree(
        at path: ProcessRootPath,
        _ options: MountOptions
    ) throws(SystemCallError) -> BindSource {
        let namespace = try Descriptor.open(FilePath("/proc/\(path.pid)/ns/mnt"))
        return try Namespaces.mount.visiting(namespace) { () throws(SystemCallError) in
            let isDirectory = try FileSystem.status(of: path.path).kind == .directory
            return BindSource(
                try DetachedMount(copying: path.path, recursively: options.isRecursiveBind),
                isDirectory: isDirectory
            )
        }
    }

    func bind(
        _ source: BindSource,
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let target = try make(mount.destination, source.isDirectory ? .directory : .file)
        let status = try RuntimeError.during(.mounts, target.status())
        guard (status.kind == .directory) == source.isDirectory else {
            throw .mismatchedMount(
                source: mount.source ?? "",
                destination: mount.destination,
                isDirectory: source.isDirectory
            )
        }
        do throws(SystemCallError) {
            try source.mount.change(
                propagation: options.propagation ?? .private,
                recursively: options.propagation == nil || options.isPropagationRecursive
            )
            if !options.set.isEmpty || !options.clear.isEmpty {
                try source.mount.change(set: options.set, clear: options.clear)
            }
            if !options.recursiveSet.isEmpty || !options.recursiveClear.isEmpty {
                try source.mount.change(
                    set: options.recursiveSet,
                    clear: options.recursiveClear,
                    recursively: true
                )
            }
            try source.mount.attach(to: target)
        } catch {
            let subject = "\(mount.source ?? "") on \(mount.destination)"
            throw .refused(.mounts, error.replacingSubject(with: subject))
        }
    }

    /// Mounts a stack of read-only layers, or one directory in it.
    func mountOverlay(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let lower = options.fileSystem.first { $0.key == "lowerdir" }?.value ?? ""
        let layers = lower.split(separator: ":").map { FilePath(String($0)) }
        let subpath = options.subpath ?? "/"
        let source = try RuntimeError.during(
            .mounts,
            "\(subpath) for \(mount.destination)",
            copyTree(at: subpath, inLayers: layers)
        )
        try bind(source, mount, options)
    }

    private func copyTree(
        at path: String,
        inLayers layers: [FilePath]
    ) throws(SystemCallError) -> BindSource {
        // A directory that is not needed any more; the mount is visible in this namespace only.
        let mountPoint = bundle.directory
        try OverlayMount.attach(lower: layers, upper: nil, to: mountPoint)
        let stack = ConfinedDirectory(try .open(mountPoint, [.pathOnly, .directory]))
        let source = Result { () throws(SystemCallError) in
            let part = try stack.open(path)
            return BindSource(
                try DetachedMount(copying: part, recursively: false),
                isDirectory: try part.status().kind == .directory
            )
        }
        try Mount.unmount(mountPoint, lazily: true)
        return try source.get()
    }
}
