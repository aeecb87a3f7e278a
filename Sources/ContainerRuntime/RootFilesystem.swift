import Linux
import OCI
import SystemPackage

/// Mounts what the container sees, inside its new mount namespace, and makes it the root.
///
/// Places inside the root are only ever found through `ConfinedDirectory`: whatever links an
/// image brings along, nothing is mounted or made outside of it.
final class RootFilesystem {
    private let bundle: Bundle
    let specification: RuntimeSpecification
    let hierarchy: CgroupHierarchy
    /// The network namespace in which file systems of other machines are reached.
    private let network: FilePath?
    private var sources: [BindSource?] = []
    private var root: ConfinedDirectory?

    /// A bind mount's tree, taken while the host's mounts are still as they were.
    private final class BindSource {
        let mount: DetachedMount
        let isDirectory: Bool

        init(_ mount: consuming DetachedMount, isDirectory: Bool) {
            self.mount = mount
            self.isDirectory = isDirectory
        }
    }

    /// `network` is a path like `/proc/PID/ns/net`; nil means the caller's own.
    init(_ bundle: Bundle, hierarchy: CgroupHierarchy, network: FilePath? = nil) {
        self.network = network
        self.bundle = bundle
        specification = bundle.specification
        self.hierarchy = hierarchy
    }

    /// Calls `body` with the mounted root.
    func withRoot<Result: ~Copyable>(
        _ body: (borrowing ConfinedDirectory) throws(RuntimeError) -> Result
    ) throws(RuntimeError) -> Result {
        guard let opened = root.take() else { throw .ended(.rootfs) }
        do {
            let result = try body(opened)
            root = consume opened
            return result
        } catch {
            root = consume opened
            throw error
        }
    }

    /// Mounts the root and everything below it; `enterCgroup` is called before the first mount
    /// that depends on the control group.
    func mountAll(enterCgroup: () throws(RuntimeError) -> Void) throws(RuntimeError) {
        let mounts = specification.mounts ?? []
        for mount in mounts { sources.append(try bindSource(mount)) }
        try mountRoot()
        for (index, mount) in mounts.enumerated() {
            if mount.type == "cgroup" || mount.type == "cgroup2" { try enterCgroup() }
            try place(mount, sources[index])
            sources[index] = nil
        }
    }

    private func bindSource(
        _ mount: RuntimeSpecification.Mount
    ) throws(RuntimeError) -> BindSource? {
        let options = MountOptions(mount.options ?? [])
        guard options.isBind || mount.type == "bind" else { return nil }
        let path = bundle.directory.pushing(FilePath(mount.source ?? ""))
        if let foreign = ForeignPath(path) { return try bindSource(foreign, options) }
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
        _ foreign: ForeignPath,
        _ options: MountOptions
    ) throws(RuntimeError) -> BindSource {
        try attempt(.mounts, "\(foreign.path) of process \(foreign.pid)") {
            () throws(SystemCallError) in
            let own = try Descriptor.open("/proc/self/ns/mnt")
            try Namespaces.mount.join(.open(FilePath("/proc/\(foreign.pid)/ns/mnt")))
            let source = Result { () throws(SystemCallError) in
                let isDirectory = try FileSystem.status(of: foreign.path).kind == .directory
                return BindSource(
                    try DetachedMount(
                        copying: foreign.path,
                        recursively: options.isRecursiveBind
                    ),
                    isDirectory: isDirectory
                )
            }
            try Namespaces.mount.join(own)
            return try source.get()
        }
    }

    private func mountRoot() throws(RuntimeError) {
        let path = bundle.rootPath
        try attempt(.rootfs) { () throws(SystemCallError) in
            // Nothing that we mount may reach the host, and pivot_root refuses a shared parent.
            try Mount.change("/", propagation: .private, recursively: true)
            if let overlay = specification.extensions.overlay {
                try FileSystem.makeDirectories(path)
                try attach(overlay, to: path)
            } else {
                try DetachedMount(copying: path, recursively: true).attach(to: path)
            }
        }
        root = ConfinedDirectory(
            try attempt(.rootfs) { () throws(SystemCallError) in
                try .open(path, [.pathOnly, .directory])
            }
        )
    }

    private func attach(
        _ overlay: RuntimeExtensions.Overlay,
        to path: FilePath
    ) throws(SystemCallError) {
        var upper: (directory: FilePath, work: FilePath)?
        if let directory = overlay.upper, let work = overlay.work {
            upper = (directory, work)
        }
        if upper == nil && overlay.lower.count == 1 {
            // An overlay wants two directories; one alone is simply bound, read-only.
            let mount = try DetachedMount(copying: overlay.lower[0], recursively: false)
            try mount.change(set: .readOnly)
            return try mount.attach(to: path)
        }
        try OverlayMount.attach(lower: overlay.lower, upper: upper, to: path)
    }

    private func place(
        _ mount: RuntimeSpecification.Mount,
        _ source: BindSource?
    ) throws(RuntimeError) {
        let options = MountOptions(mount.options ?? [])
        guard let source else {
            switch mount.type {
            case "cgroup", "cgroup2": return try mountCgroup(mount, options)
            case "overlay": return try mountOverlay(mount, options)
            default: return try mountNew(mount, options)
            }
        }
        try bind(source, mount, options)
    }

    private func bind(
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

    func mountNew(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let type = mount.type ?? "none"
        var pairs = options.fileSystem.map { (key: $0.key, value: $0.value) }
        if type == "tmpfs", !pairs.contains(where: { $0.key == "mode" }),
            let mode = try existingMode(of: mount.destination)
        {
            pairs.append((key: "mode", value: String(mode, radix: 8)))
        }
        let made = try attempt(.mounts) { () throws(SystemCallError) in
            try within(network: type) { () throws(SystemCallError) in
                try DetachedMount(
                    type: type,
                    source: mount.source ?? type,
                    options: pairs,
                    attributes: options.set
                )
            }
        }
        let target =
            type == "proc" || type == "sysfs"
            ? try makeWithoutLinks(mount.destination) : try make(mount.destination, .directory)
        try attempt(.mounts, "\(type) on \(mount.destination)") { () throws(SystemCallError) in
            if let propagation = options.propagation {
                try made.change(propagation: propagation)
            }
            try made.attach(to: target)
        }
    }

    /// Calls `body` where a file system of this type finds the machine it comes from: volumes are
    /// the host's, and the container has no network yet.
    private func within(
        network type: String,
        _ body: () throws(SystemCallError) -> DetachedMount
    ) throws(SystemCallError) -> DetachedMount {
        guard let network, !Self.local.contains(type) else { return try body() }
        let own = try Descriptor.open("/proc/self/ns/net")
        try Namespaces.network.join(.open(network))
        let mount: DetachedMount
        do {
            mount = try body()
        } catch {
            try Namespaces.network.join(own)
            throw error
        }
        try Namespaces.network.join(own)
        return mount
    }

    /// Types without another machine, of which `sysfs` shows what its namespace has.
    private static let local: Set<String> = [
        "proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup",
        "cgroup2",
    ]

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

    /// A stack of read-only layers, or one directory in it.
    private func mountOverlay(
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

    /// The place at `path` inside the root, made when missing; never the root itself, which a
    /// link of the image may name.
    func make(
        _ path: String,
        _ leaf: ConfinedDirectory.Leaf
    ) throws(RuntimeError) -> Descriptor {
        try withRoot { (root) throws(RuntimeError) in
            let place = try attempt(.mounts) { () throws(SystemCallError) in
                try root.make(path, leaf)
            }
            let isRoot = try attempt(.mounts) { () throws(SystemCallError) in
                let (status, top) = (try place.status(), try root.descriptor.status())
                return status.inode == top.inode && status.device == top.device
            }
            guard !isRoot else {
                throw RuntimeError.invalid(
                    field: "mounts",
                    value: path,
                    expected: "a place below /, and the image makes this one / itself"
                )
            }
            return place
        }
    }

    /// For `/proc` and `/sys`: an image that has a link there wants us to look elsewhere later.
    private func makeWithoutLinks(_ path: String) throws(RuntimeError) -> Descriptor {
        _ = try make(path, .directory)
        return try withRoot { (root) throws(RuntimeError) in
            try attempt(.mounts) { () throws(SystemCallError) in
                try root.openWithoutLinks(path, [.pathOnly, .directory])
            }
        }
    }

    /// Makes the mounted root the process's root directory and lets go of the host's.
    func enter() throws(RuntimeError) {
        try withRoot { (root) throws(RuntimeError) in
            try attempt(.pivot) { () throws(SystemCallError) in
                try Mount.pivotRoot(into: root.descriptor)
            }
        }
    }
}
