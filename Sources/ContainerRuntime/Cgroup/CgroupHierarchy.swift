public import Linux
public import SystemPackage

/// The mounted control group trees of this machine. Source: cgroups(7).
public struct CgroupHierarchy: Sendable, Equatable {
    public enum Version: Sendable {
        case v1
        /// Controllers in version 1 trees and a version 2 tree without controllers.
        case hybrid
        case v2
    }

    /// One mounted tree.
    public struct Tree: Sendable, Equatable {
        public var mountPoint: FilePath
        /// The controllers of a version 1 tree; `name=systemd` names a tree without a controller.
        public var controllers: [String]
        public var isUnified: Bool

        /// Whether this process may create groups in it.
        var isWritable: Bool { FileSystem.isWritable(mountPoint) }
    }

    public var trees: [Tree]

    /// Reads `/proc/self/mountinfo`. In the user namespace of an ordinary user, who may not change
    /// control groups, there are no trees.
    public static func discover() throws(RuntimeError) -> CgroupHierarchy {
        let mounted = CgroupHierarchy(try RuntimeError.during(.cgroup, Mount.table()))
        guard UserNamespace.isInitial || mounted.trees.contains(where: \.isWritable) else {
            return CgroupHierarchy([])
        }
        return mounted
    }

    /// Whether containers have control groups at all.
    public var isAvailable: Bool { !trees.isEmpty }

    /// Selects the control group mounts of a mount table.
    public init(_ table: [Mount.Entry]) {
        var seen: Set<[String]> = []
        trees = table.compactMap { entry in
            switch entry.type {
            case "cgroup2":
                guard seen.insert([]).inserted else { return nil }
                return Tree(
                    mountPoint: FilePath(entry.mountPoint),
                    controllers: [],
                    isUnified: true
                )
            case "cgroup":
                let controllers = Self.controllers(in: entry.superOptions)
                guard !controllers.isEmpty, seen.insert(controllers).inserted else { return nil }
                return Tree(
                    mountPoint: FilePath(entry.mountPoint),
                    controllers: controllers,
                    isUnified: false
                )
            default: return nil
            }
        }
    }

    public var version: Version {
        guard trees.contains(where: \.isUnified) else { return .v1 }
        return trees.contains {
            $0.controllers.contains("memory") || $0.controllers.contains("cpu")
        }
            ? .hybrid : .v2
    }

    /// The version 2 tree.
    public var unified: Tree? { trees.first(where: \.isUnified) }

    /// The version 1 tree with this controller.
    public func tree(of controller: String) -> Tree? {
        trees.first { $0.controllers.contains(controller) }
    }

    /// The groups whose last path component is `name`, wherever they are in the trees.
    ///
    /// Finds a container's groups by its id alone; reads every directory of the trees.
    public func groups(named name: String) throws(RuntimeError) -> [Cgroup] {
        var paths: Set<String> = []
        for tree in trees {
            try RuntimeError.during(
                .cgroup,
                Self.find(name, in: tree.mountPoint, path: "", into: &paths)
            )
        }
        return paths.sorted().map { Cgroup($0, in: self) }
    }

    private static func find(
        _ name: String,
        in directory: FilePath,
        path: String,
        into paths: inout Set<String>
    ) throws(SystemCallError) {
        for child in try Cgroup.children(of: directory) {
            guard let component = child.lastComponent?.string else { continue }
            let childPath = "\(path)/\(component)"
            if component == name {
                paths.insert(childPath)
            } else {
                try find(name, in: child, path: childPath, into: &paths)
            }
        }
    }

    private static func controllers(in options: String) -> [String] {
        options.split(separator: ",").map(String.init).filter {
            known.contains($0) || $0.hasPrefix("name=")
        }
    }

    private static let known: Set<String> = [
        "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "net_cls",
        "net_prio", "perf_event", "hugetlb", "rdma", "misc",
    ]
}
