import Linux
import OCI
import SystemPackage

// What the container gets of the host's trees, of other containers' and of images'.
extension RootFilesystem {
    /// A bind mount's tree, taken while the host's mounts are still as they were.
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
        if let foreign = ProcessRootPath(path) { return try bindSource(foreign, options) }
        let part = options.subpath.map { ", part \($0)," } ?? ""
        return try attempt(.mounts, "\(path)\(part) for \(mount.destination)") {
            () throws(SystemCallError) in
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
    }

    /// A tree of another container, taken from within its mount namespace: the kernel copies none
    /// across the border.
    private func bindSource(
        _ foreign: ProcessRootPath,
        _ options: MountOptions
    ) throws(RuntimeError) -> BindSource {
        try attempt(.mounts, "\(foreign.path) of process \(foreign.pid)") {
            () throws(SystemCallError) in
            let namespace = try Descriptor.open(FilePath("/proc/\(foreign.pid)/ns/mnt"))
            return try Namespaces.mount.visiting(namespace) { () throws(SystemCallError) in
                let isDirectory = try FileSystem.status(of: foreign.path).kind == .directory
                return BindSource(
                    try DetachedMount(
                        copying: foreign.path,
                        recursively: options.isRecursiveBind
                    ),
                    isDirectory: isDirectory
                )
            }
        }
    }

    func bind(
        _ source: BindSource,
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let target = try make(mount.destination, source.isDirectory ? .directory : .file)
        try attempt(.mounts, "\(mount.source ?? "") on \(mount.destination)") {
            () throws(SystemCallError) in
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
        }
    }

    /// A stack of read-only layers, or one directory in it.
    func mountOverlay(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let lower = options.fileSystem.first { $0.key == "lowerdir" }?.value ?? ""
        let layers = lower.split(separator: ":").map { FilePath(String($0)) }
        // A place that nobody needs any more, and where only this mount namespace sees it.
        let place = bundle.directory
        let source = try attempt(.mounts, "\(options.subpath ?? "/") for \(mount.destination)") {
            () throws(SystemCallError) in
            try OverlayMount.attach(lower: layers, upper: nil, to: place)
            let stack = ConfinedDirectory(try .open(place, [.pathOnly, .directory]))
            let part = Result { () throws(SystemCallError) in
                let part = try stack.open(options.subpath ?? "/")
                return BindSource(
                    try DetachedMount(copying: part, recursively: false),
                    isDirectory: try part.status().kind == .directory
                )
            }
            try Mount.unmount(place, lazily: true)
            return try part.get()
        }
        try bind(source, mount, options)
    }
}
