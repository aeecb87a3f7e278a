import Linux
import OCI
import SystemPackage

/// Control groups as the container sees them.
extension RootFilesystem {
    func mountCgroup(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let hasNamespace = specification.linux?.namespaces?.contains { $0.type == .cgroup } == true
        if !hasNamespace { return try bindHostCgroups(mount, options) }
        guard hierarchy.version != .v2 else {
            var plain = mount
            plain.type = "cgroup2"
            return try mountNew(plain, options)
        }
        var directory = RuntimeSpecification.Mount(
            destination: mount.destination,
            type: "tmpfs",
            source: "tmpfs",
            options: ["mode=755", "size=64k"]
        )
        directory.options?.append(contentsOf: ["nosuid", "noexec", "nodev"])
        try mountNew(directory, MountOptions(directory.options ?? []))
        let group = Cgroup("/", in: hierarchy)
        for tree in group.trees(for: specification.linux?.resources) {
            try mountTree(tree, below: mount.destination, options)
        }
        if hierarchy.unified != nil {
            let unified = RuntimeSpecification.Mount(
                destination: mount.destination + "/unified",
                type: "cgroup2",
                source: "cgroup"
            )
            try mountNew(unified, options)
        }
        if options.set.contains(.readOnly) {
            let place = try make(mount.destination, .directory)
            try attempt(.mounts, mount.destination) { () throws(SystemCallError) in
                try Mount.change(place, set: .readOnly)
            }
        }
    }

    private func mountTree(
        _ tree: CgroupHierarchy.Tree,
        below destination: String,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let name = tree.mountPoint.lastComponent?.string ?? tree.controllers.joined(separator: ",")
        var pairs = tree.controllers.map { controller in
            let words = controller.split(separator: "=").map(String.init)
            return MountOptions.Pair(key: words[0], value: words.count > 1 ? words[1] : nil)
        }
        if tree.controllers.allSatisfy({ $0.hasPrefix("name=") }) {
            pairs.insert(MountOptions.Pair(key: "none", value: nil), at: 0)
        }
        var own = options
        own.fileSystem = pairs
        let mount = RuntimeSpecification.Mount(
            destination: "\(destination)/\(name)",
            type: "cgroup",
            source: "cgroup"
        )
        try mountNew(mount, own)
        for alias in name.split(separator: ",") where alias != name {
            try withRoot { (root) throws(RuntimeError) in
                try attempt(.mounts) { () throws(SystemCallError) in
                    try root.makeSymbolicLink("\(destination)/\(alias)", to: name)
                }
            }
        }
    }

    /// Without a namespace of its own the container sees the host's groups.
    private func bindHostCgroups(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let target = try make(mount.destination, .directory)
        try attempt(.mounts, mount.destination) { () throws(SystemCallError) in
            let tree = try DetachedMount(copying: "/sys/fs/cgroup", recursively: true)
            try tree.change(set: options.set, propagation: .private, recursively: true)
            try tree.attach(to: target)
        }
    }
}

extension MountAttributes {
    /// What pivot, masks and devices need beside those of the specification.
    static let protected: MountAttributes = [.noSetUserID, .noDevices, .noExecution]
}
