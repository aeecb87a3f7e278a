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
    let bundle: Bundle
    let linux: RuntimeSpecification.Linux
    let hierarchy: CgroupHierarchy
    /// The network namespace in which file systems of other machines are reached.
    let network: FilePath?
    private let path: FilePath
    let extensions: RuntimeExtensions
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

    /// `network` is a path like `/proc/PID/ns/net`; nil means the caller's own.
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

    private func mountRoot() throws(RuntimeError) {
        try attempt(.rootfs) { () throws(SystemCallError) in
            // Nothing that we mount may reach the host, and pivot_root refuses a shared parent.
            try Mount.change("/", propagation: .private, recursively: true)
            if let overlay = extensions.overlay {
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
    func makeWithoutLinks(_ path: String) throws(RuntimeError) -> Descriptor {
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
