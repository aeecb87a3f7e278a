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
        let trees = Cgroup("/", in: hierarchy).shownTrees(for: linux.resources)
        let directory = try attempt(.mounts) { () throws(SystemCallError) in
            try takeView { () throws(SystemCallError) in try Cgroup.directory(of: trees) }
        }
        try attach(directory, "tmpfs", to: mount.destination)
        try attempt(.mounts, mount.destination) { () throws(SystemCallError) in
            for tree in trees {
                let view = try takeView { () throws(SystemCallError) in
                    try tree.mounted(options.set)
                }
                try view.attach(to: tree.name, in: directory.descriptor)
            }
            if options.set.contains(.readOnly) {
                try Mount.change(directory.descriptor, set: .readOnly)
            }
        }
    }

    /// The next of what the parent has made, or what `make` does.
    private func takeView(
        _ make: () throws(SystemCallError) -> DetachedMount
    ) throws(SystemCallError) -> DetachedMount {
        guard let view = groupViews?.takeFirst() else { return try make() }
        return DetachedMount(owning: view)
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
