import Linux
import OCI
import SystemPackage

/// Control groups as the container sees them.
extension RootFilesystem {
    func mountCgroup(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let hasNamespace = linux.namespaces?.contains { $0.type == .cgroup } == true
        if !hasNamespace { return try bindHostCgroups(mount, options) }
        guard hierarchy.version != .v2 else {
            var plain = mount
            plain.type = "cgroup2"
            _ = try mountNew(plain, options)
            return
        }
        let directory = try mountNew(
            .init(destination: mount.destination, type: "tmpfs", source: "tmpfs"),
            MountOptions(["mode=755", "size=64k", "nosuid", "noexec", "nodev"])
        )
        // Nobody else has it yet, so no name in it is a link.
        let groups = ConfinedDirectory(directory.takeDescriptor())
        try attempt(.mounts, mount.destination) { () throws(SystemCallError) in
            for tree in Cgroup("/", in: hierarchy).trees(for: linux.resources) {
                try mountTree(tree, in: groups, options.set)
            }
            if hierarchy.unified != nil {
                try attach("cgroup2", [], in: groups, "unified", options.set)
            }
            if options.set.contains(.readOnly) {
                try Mount.change(groups.descriptor, set: .readOnly)
            }
        }
    }

    private func mountTree(
        _ tree: CgroupHierarchy.Tree,
        in groups: borrowing ConfinedDirectory,
        _ attributes: MountAttributes
    ) throws(SystemCallError) {
        let name = tree.mountPoint.lastComponent?.string ?? tree.controllers.joined(separator: ",")
        var settings = tree.controllers.map { controller in
            let words = controller.split(separator: "=").map(String.init)
            return (key: words[0], value: words.count > 1 ? words[1] : nil)
        }
        if tree.controllers.allSatisfy({ $0.hasPrefix("name=") }) {
            settings.insert((key: "none", value: nil), at: 0)
        }
        try attach("cgroup", settings, in: groups, name, attributes)
        for alias in name.split(separator: ",") where alias != name {
            try groups.makeSymbolicLink(String(alias), to: name)
        }
    }

    private func attach(
        _ type: String,
        _ settings: [(key: String, value: String?)],
        in groups: borrowing ConfinedDirectory,
        _ name: String,
        _ attributes: MountAttributes
    ) throws(SystemCallError) {
        let tree = try DetachedMount(
            type: type,
            source: "cgroup",
            options: settings,
            attributes: attributes
        )
        try groups.makeDirectory(name)
        try tree.attach(to: name, in: groups.descriptor)
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
