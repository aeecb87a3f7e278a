import Linux
import OCI
import SystemPackage

/// Mounts what the container sees, inside its new mount namespace, and makes it the root.
///
/// Places inside the root are only ever found through `ConfinedDirectory`: whatever links an
/// image brings along, nothing is mounted or made outside of it.
///
/// Made before the process is: what can be read off the specification has been read by then, since
/// a copy of a process pays for every page that it changes.
final class RootFilesystem {
    private let bundle: Bundle
    let linux: RuntimeSpecification.Linux
    let hierarchy: CgroupHierarchy
    /// The network namespace in which file systems of other machines are reached.
    private let network: FilePath?
    private let path: FilePath
    private let overlay: RuntimeExtensions.Overlay?
    private let mounts: [PlannedMount]
    let parameters: [KernelParameter]
    private var sources: [BindSource?]
    private var root: ConfinedDirectory?
    private var rootStatus: FileStatus?
    /// What the parent has made of the control groups; empty or nil where each is mounted anew.
    var groupViews: DescriptorList?
    /// The container's own procfs, once it is mounted.
    var kernelFiles: ConfinedDirectory?

    /// A mount with its options, read.
    private struct PlannedMount {
        var mount: RuntimeSpecification.Mount
        var options: MountOptions

        init(_ mount: RuntimeSpecification.Mount) {
            self.mount = mount
            options = MountOptions(mount.options ?? [])
            if mount.type == "bind" { options.isBind = true }
        }
    }

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
        self.hierarchy = hierarchy
        linux = bundle.specification.linux ?? .init()
        path = bundle.rootPath
        overlay = bundle.specification.extensions.overlay
        mounts = (bundle.specification.mounts ?? []).map(PlannedMount.init)
        sources = mounts.map { _ in nil }
        parameters = KernelParameter.all(linux.sysctl ?? [:])
    }

    /// How the container sees its own control groups; nil when not, or when those are version 2.
    var groupAttributes: MountAttributes? {
        let isOwn = linux.namespaces?.contains { $0.type == .cgroup && $0.path == nil } == true
        guard isOwn, hierarchy.version != .v2 else { return nil }
        return mounts.first { ["cgroup", "cgroup2"].contains($0.mount.type) }?.options.set
    }

    /// Whether devices are made: who binds something on `/dev` has brought them along, and they
    /// may be the host's.
    var makesDevices: Bool {
        !mounts.contains {
            $0.options.isBind && FilePath($0.mount.destination).lexicallyNormalized() == "/dev"
        }
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
        for index in mounts.indices where mounts[index].options.isBind {
            sources[index] = try bindSource(mounts[index].mount, mounts[index].options)
        }
        try mountRoot()
        for index in mounts.indices {
            let (mount, options) = (mounts[index].mount, mounts[index].options)
            if mount.type == "cgroup" || mount.type == "cgroup2" { try enterCgroup() }
            try place(mount, options, sources[index])
            sources[index] = nil
        }
    }

    private func bindSource(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) -> BindSource {
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
        try attempt(.rootfs) { () throws(SystemCallError) in
            // Nothing that we mount may reach the host, and pivot_root refuses a shared parent.
            try Mount.change("/", propagation: .private, recursively: true)
            if let overlay {
                do throws(SystemCallError) {
                    try attach(overlay, to: path)
                } catch  where error.reason == .noSuchFileOrDirectory {
                    try FileSystem.makeDirectories(path)
                    try attach(overlay, to: path)
                }
            } else {
                try DetachedMount(copying: path, recursively: true).attach(to: path)
            }
        }
        root = try attempt(.rootfs) { () throws(SystemCallError) in
            let opened = try Descriptor.open(path, [.pathOnly, .directory])
            rootStatus = try opened.status()
            return ConfinedDirectory(opened)
        }
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
        _ options: MountOptions,
        _ source: BindSource?
    ) throws(RuntimeError) {
        guard let source else {
            switch mount.type {
            case "cgroup", "cgroup2": return try mountCgroup(mount, options)
            case "overlay": return try mountOverlay(mount, options)
            case "proc": return try mountKernelFiles(mount, options)
            default:
                _ = try mountNew(mount, options)
                return
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

    /// A procfs, which is kept if all of it can be seen.
    private func mountKernelFiles(
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
            try checkIsBelowRoot(place, path)
            return place
        }
    }

    private func checkIsBelowRoot(
        _ place: borrowing Descriptor,
        _ path: String
    ) throws(RuntimeError) {
        let status = try attempt(.mounts) { () throws(SystemCallError) in try place.status() }
        guard status.inode == rootStatus?.inode, status.device == rootStatus?.device else { return }
        throw RuntimeError.invalid(
            field: "mounts",
            value: path,
            expected: "a place below /, and the image makes this one / itself"
        )
    }

    /// For `/proc` and `/sys`: an image that has a link there wants us to look elsewhere later.
    private func makeWithoutLinks(_ path: String) throws(RuntimeError) -> Descriptor {
        try withRoot { (root) throws(RuntimeError) in
            let place = try attempt(.mounts) { () throws(SystemCallError) in
                do throws(SystemCallError) {
                    return try root.openWithoutLinks(path, [.pathOnly, .directory])
                } catch  where error.reason == .noSuchFileOrDirectory {
                    _ = try root.make(path, .directory)
                    return try root.openWithoutLinks(path, [.pathOnly, .directory])
                }
            }
            try checkIsBelowRoot(place, path)
            return place
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
