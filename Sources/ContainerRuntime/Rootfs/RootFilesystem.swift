import Linux
import OCI
import SystemPackage

/// Mounts a container's file systems inside its new mount namespace, and changes the root to them.
///
/// Paths inside the root are opened only through `ConfinedDirectory`: whatever links an image
/// contains, nothing is mounted or created outside the root.
///
/// Created before the clone, with everything that can be derived from the specification, because
/// the copy of a process pays for every page that it changes.
final class RootFilesystem {
    let bundle: Bundle
    let linux: RuntimeSpecification.Linux
    let hierarchy: CgroupHierarchy
    /// The network namespace in which network file systems are mounted.
    let network: FilePath?
    private let path: FilePath
    let extensions: RuntimeExtensions
    private let mounts: [PlannedMount]
    let parameters: [KernelParameter]
    private var sources: [BindSource?]
    private var root: ConfinedDirectory?
    private var rootStatus: FileStatus?
    /// The group mounts made by the parent; nil or empty where this process mounts the groups.
    var groupViews: DescriptorList?
    /// The container's own procfs, after it has been mounted.
    var kernelFiles: ConfinedDirectory?

    /// A mount with its parsed options.
    private struct PlannedMount {
        var mount: RuntimeSpecification.Mount
        var options: MountOptions

        init(_ mount: RuntimeSpecification.Mount) {
            self.mount = mount
            options = MountOptions(mount.options ?? [])
            if mount.type == "bind" { options.isBind = true }
        }
    }

    /// `network` is a path such as `/proc/PID/ns/net`; nil for the caller's own.
    init(_ bundle: Bundle, hierarchy: CgroupHierarchy, network: FilePath? = nil) {
        self.network = network
        self.bundle = bundle
        self.hierarchy = hierarchy
        linux = bundle.specification.linux ?? .init()
        path = bundle.rootPath
        extensions = bundle.specification.extensions
        mounts = (bundle.specification.mounts ?? []).map(PlannedMount.init)
        sources = mounts.map { _ in nil }
        parameters = KernelParameter.all(linux.sysctl ?? [:])
    }

    /// The attributes of the container's group mounts; nil without a cgroup namespace or mount of
    /// its own, and for version 2.
    var groupAttributes: MountAttributes? {
        let isOwn = linux.namespaces?.contains { $0.type == .cgroup && $0.path == nil } == true
        guard isOwn, hierarchy.version != .v2 else { return nil }
        return mounts.first { ["cgroup", "cgroup2"].contains($0.mount.type) }?.options.set
    }

    /// Whether device nodes are created: not in a directory bound on `/dev`, which has its own and
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

    private func mountRoot() throws(RuntimeError) {
        do throws(SystemCallError) {
            // No mount may propagate to the host, and pivot_root(2) refuses a shared parent.
            try Mount.change("/", propagation: .private, recursively: true)
            if let overlay = extensions.overlay {
                try attachCreatingPath(overlay)
            } else {
                try DetachedMount(copying: path, recursively: true).attach(to: path)
            }
            let opened = try Descriptor.open(path, [.pathOnly, .directory])
            rootStatus = try opened.status()
            root = ConfinedDirectory(opened)
        } catch {
            throw .refused(.rootfs, error)
        }
    }

    private func attachCreatingPath(
        _ overlay: RuntimeExtensions.Overlay
    ) throws(SystemCallError) {
        do throws(SystemCallError) {
            try attach(overlay, to: path)
        } catch  where error.reason == .noSuchFileOrDirectory {
            try FileSystem.makeDirectories(path)
            try attach(overlay, to: path)
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
            // An overlay needs two directories; a single one is bound read-only.
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

    /// Opens `path` inside the root, creating it when missing.
    ///
    /// Throws if the path leads to the root itself, as a link of the image may.
    func make(
        _ path: String,
        _ leaf: ConfinedDirectory.Leaf
    ) throws(RuntimeError) -> Descriptor {
        try withRoot { (root) throws(RuntimeError) in
            let place = try RuntimeError.during(.mounts, root.make(path, leaf))
            try checkIsBelowRoot(place, path)
            return place
        }
    }

    private func checkIsBelowRoot(
        _ place: borrowing Descriptor,
        _ path: String
    ) throws(RuntimeError) {
        let status = try RuntimeError.during(.mounts, place.status())
        guard status.inode == rootStatus?.inode, status.device == rootStatus?.device else { return }
        throw .invalid(
            field: "mounts",
            value: path,
            expected: "a path below /; in the image it is a link to /"
        )
    }

    /// Opens or creates `path` without following links, for `/proc` and `/sys`: a link there would
    /// redirect later accesses.
    func makeWithoutLinks(_ path: String) throws(RuntimeError) -> Descriptor {
        try withRoot { (root) throws(RuntimeError) in
            let place = try RuntimeError.during(.mounts, Self.makeWithoutLinks(path, in: root))
            try checkIsBelowRoot(place, path)
            return place
        }
    }

    private static func makeWithoutLinks(
        _ path: String,
        in root: borrowing ConfinedDirectory
    ) throws(SystemCallError) -> Descriptor {
        do throws(SystemCallError) {
            return try root.openWithoutLinks(path, [.pathOnly, .directory])
        } catch  where error.reason == .noSuchFileOrDirectory {
            _ = try root.make(path, .directory)
            return try root.openWithoutLinks(path, [.pathOnly, .directory])
        }
    }

    /// Makes the mounted root the process's root directory and detaches the host's.
    func enter() throws(RuntimeError) {
        try withRoot { (root) throws(RuntimeError) in
            try RuntimeError.during(.pivot, Mount.pivotRoot(into: root.descriptor))
        }
    }
}
