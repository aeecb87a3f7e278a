import Linux
import OCI
import SystemPackage

// The version 1 groups as a container with a cgroup namespace of its own sees them.
extension Cgroup {
    /// The visible trees, in the order in which they are mounted.
    func visibleTrees(for resources: RuntimeSpecification.Resources?) -> [CgroupHierarchy.Tree] {
        trees(for: resources) + hierarchy.trees.filter(\.isUnified)
    }

    /// Creates detached mounts: a directory for the trees, then this group's part of each tree.
    ///
    /// The parent of the container's process calls this while the process mounts the rest. A bind
    /// of the group looks the same as a new mount in the namespace whose root is this group.
    func views(
        for resources: RuntimeSpecification.Resources?,
        _ attributes: MountAttributes
    ) throws(RuntimeError) -> DescriptorList {
        let trees = visibleTrees(for: resources)
        let views = DescriptorList()
        do {
            views.append(try Self.directory(of: trees).takeDescriptor())
            for tree in trees {
                let view = try DetachedMount(copying: directory(tree), recursively: false)
                try view.change(set: attributes, propagation: .private)
                views.append(view.takeDescriptor())
            }
        } catch {
            throw .refused(.cgroup, error)
        }
        return views
    }

    /// Creates a tmpfs with a directory for each tree, and links for controllers that share one.
    static func directory(
        of trees: [CgroupHierarchy.Tree]
    ) throws(SystemCallError) -> DetachedMount {
        let mount = try DetachedMount(
            type: "tmpfs",
            source: "tmpfs",
            settings: [MountSetting("mode", "755"), MountSetting("size", "64k")],
            attributes: [.noSetUserID, .noDevices, .noExecution]
        )
        let directory = ConfinedDirectory(try mount.descriptor.duplicate())
        for tree in trees {
            let name = tree.name
            try directory.makeDirectory(name)
            for alias in name.split(separator: ",") where alias != name {
                try directory.makeSymbolicLink(String(alias), to: name)
            }
        }
        return mount
    }
}

extension CgroupHierarchy.Tree {
    /// The name of the tree below `/sys/fs/cgroup`.
    var name: String {
        if isUnified { return "unified" }
        return mountPoint.lastComponent?.string ?? controllers.joined(separator: ",")
    }

    /// Mounts the tree again, with the root that the caller's cgroup namespace gives it.
    func mounted(_ attributes: MountAttributes) throws(SystemCallError) -> DetachedMount {
        var settings = controllers.map { controller in
            let words = controller.split(separator: "=").map(String.init)
            return MountSetting(words[0], words.count > 1 ? words[1] : nil)
        }
        let isNamed = !isUnified && controllers.allSatisfy { $0.hasPrefix("name=") }
        if isNamed { settings.insert(MountSetting("none"), at: 0) }
        return try DetachedMount(
            type: isUnified ? "cgroup2" : "cgroup",
            source: "cgroup",
            settings: settings,
            attributes: attributes
        )
    }
}
