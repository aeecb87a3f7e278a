import Linux
import OCI
import SystemPackage

// What a container with a namespace of its own sees of its version 1 groups.
extension Cgroup {
    /// The trees that it sees, in the order in which they are mounted.
    func shownTrees(for resources: RuntimeSpecification.Resources?) -> [CgroupHierarchy.Tree] {
        trees(for: resources) + hierarchy.trees.filter(\.isUnified)
    }

    /// The directory for the trees, and this group's part of each, all mounted nowhere yet.
    ///
    /// For the parent of the container's process, which has nothing to do while that mounts the
    /// rest. In the namespace whose root is this group a tree that is mounted anew looks the same.
    func views(
        for resources: RuntimeSpecification.Resources?,
        _ attributes: MountAttributes
    ) throws(RuntimeError) -> DescriptorList {
        let trees = shownTrees(for: resources)
        let views = DescriptorList()
        try attempt(.cgroup) { () throws(SystemCallError) in
            views.append(try Self.directory(of: trees).takeDescriptor())
            for tree in trees {
                let view = try DetachedMount(copying: directory(tree), recursively: false)
                try view.change(set: attributes, propagation: .private)
                views.append(view.takeDescriptor())
            }
        }
        return views
    }

    /// A directory in memory with a place for each tree, and links for controllers that share one.
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
    /// What the tree is called below `/sys/fs/cgroup`.
    var name: String {
        if isUnified { return "unified" }
        return mountPoint.lastComponent?.string ?? controllers.joined(separator: ",")
    }

    /// The tree once more, as it is in the namespace of the caller.
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
