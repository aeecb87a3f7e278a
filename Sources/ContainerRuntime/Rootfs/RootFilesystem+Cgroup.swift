import Linux
import OCI
import SystemPackage

// Control groups as the container sees them.
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
        let trees = Cgroup("/", in: hierarchy).visibleTrees(for: linux.resources)
        let directory = try RuntimeError.during(.mounts, takeView(or: Cgroup.directory(of: trees)))
        try attach(directory, "tmpfs", to: mount.destination)
        try RuntimeError.during(
            .mounts,
            mount.destination,
            attach(trees, options.set, to: directory.descriptor)
        )
    }

    private func attach(
        _ trees: [CgroupHierarchy.Tree],
        _ attributes: MountAttributes,
        to directory: borrowing Descriptor
    ) throws(SystemCallError) {
        for tree in trees {
            try takeView(or: tree.mounted(attributes)).attach(to: tree.name, in: directory)
        }
        if attributes.contains(.readOnly) { try Mount.change(directory, set: .readOnly) }
    }

    /// Takes the next mount that the parent has made, or else makes one.
    private func takeView(
        or make: @autoclosure () throws(SystemCallError) -> DetachedMount
    ) throws(SystemCallError) -> DetachedMount {
        guard let view = groupViews?.takeFirst() else { return try make() }
        return DetachedMount(owning: view)
    }

    /// Binds the host's groups, which a container without a cgroup namespace of its own sees.
    private func bindHostCgroups(
        _ mount: RuntimeSpecification.Mount,
        _ options: MountOptions
    ) throws(RuntimeError) {
        let target = try make(mount.destination, .directory)
        do throws(SystemCallError) {
            let tree = try DetachedMount(copying: "/sys/fs/cgroup", recursively: true)
            try tree.change(set: options.set, propagation: .private, recursively: true)
            try tree.attach(to: target)
        } catch {
            throw .refused(.mounts, error.replacingSubject(with: mount.destination))
        }
    }
}
