import Linux
public import OCI
import SystemPackage

/// The control group of one container: the same path in every tree that it needs.
public struct Cgroup: Sendable, Equatable {
    public let hierarchy: CgroupHierarchy
    /// The path below the root of each tree, such as `/swiftcompose/0123`.
    public let path: String

    /// The parent group of all containers that specify no other.
    public static let commonParent = "/swiftcompose"

    /// Refers to the group at `path`, whether it exists or not.
    public init(_ path: String, in hierarchy: CgroupHierarchy) {
        self.path = path
        self.hierarchy = hierarchy
    }

    /// Finds the group of process `pid`.
    public init(of pid: Int32, in hierarchy: CgroupHierarchy) throws(RuntimeError) {
        let text = try RuntimeError.during(
            .cgroup,
            FileSystem.readText(FilePath("/proc/\(pid)/cgroup"))
        )
        let wanted = hierarchy.version == .v2 ? "" : "memory"
        let line = text.split(separator: "\n").first { line in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            return fields.count == 3
                && (wanted.isEmpty
                    ? fields[1].isEmpty : fields[1].split(separator: ",").contains("memory"))
        }
        let path = line?.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last
        self.init(path.map(String.init) ?? "/", in: hierarchy)
    }

    /// The group's directory in the tree of a version 1 controller; "" is the version 2 tree.
    func directory(_ controller: String) -> FilePath? {
        let tree =
            hierarchy.version == .v2 || controller.isEmpty
            ? hierarchy.unified : hierarchy.tree(of: controller)
        return tree.map(directory)
    }

    func directory(_ tree: CgroupHierarchy.Tree) -> FilePath {
        tree.mountPoint.appending(FilePath(path).lexicallyNormalized().components)
    }

    /// The version 1 trees in which a container with these limits has a group.
    func trees(for resources: RuntimeSpecification.Resources?) -> [CgroupHierarchy.Tree] {
        var wanted: Set<String> = [
            "memory", "pids", "devices", "cpu", "cpuacct", "blkio", "name=systemd",
        ]
        if resources?.cpu?.cpus != nil || resources?.cpu?.mems != nil { wanted.insert("cpuset") }
        if hierarchy.unified == nil { wanted.insert("freezer") }
        return hierarchy.trees.filter { !$0.isUnified && !wanted.isDisjoint(with: $0.controllers) }
    }
}

// Creation and limits.
extension Cgroup {
    /// Creates the group in the version 2 tree, with its limits where that tree has controllers.
    ///
    /// clone3(2) can create a process in it, which is the only cheap way to enter it.
    func createUnified(_ resources: RuntimeSpecification.Resources?) throws(RuntimeError) {
        guard let tree = hierarchy.unified else { return }
        let directory = directory(tree)
        try RuntimeError.during(.cgroup, Self.make(directory))
        guard hierarchy.version == .v2 else { return }
        try limitUnified(resources ?? .init(), from: tree.mountPoint, to: directory)
        try restrictDevices(directory, DeviceRules.complete(resources?.devices))
    }

    /// Enables controllers from the root of the version 2 tree down and sets the group's limits.
    func limitUnified(
        _ resources: RuntimeSpecification.Resources,
        from root: FilePath,
        to directory: FilePath
    ) throws(RuntimeError) {
        try enableControllers(from: root, to: directory)
        try apply(CgroupSettings(v2: resources))
    }

    /// Creates a group's directory, although another program may remove the empty parent at any
    /// moment.
    private static func make(_ directory: FilePath) throws(SystemCallError) {
        for _ in 0..<1_000 {
            do throws(SystemCallError) {
                return try FileSystem.makeDirectories(directory)
            } catch {
                // The kernel returns ENODEV for a parent that is being removed.
                guard
                    [.noSuchFileOrDirectory, .operationNotSupportedByDevice]
                        .contains(error.reason)
                else { throw error }
            }
        }
        try FileSystem.makeDirectories(directory)
    }

    /// Creates the groups in the version 1 trees and sets their limits.
    func createV1(_ resources: RuntimeSpecification.Resources?) throws(RuntimeError) {
        for tree in trees(for: resources) {
            let directory = directory(tree)
            try RuntimeError.during(.cgroup, Self.make(directory))
            if tree.controllers.contains("cpuset") {
                try inheritCPUs(from: tree.mountPoint, to: directory)
            }
            if tree.controllers.contains("cpu"), resources?.cpu?.realtimeRuntime != nil {
                try inheritRealtime(from: tree.mountPoint, to: directory)
            }
        }
        guard hierarchy.version != .v2 else { return }
        try apply(CgroupSettings(v1: resources ?? .init()))
        try restrictDevicesV1(DeviceRules.complete(resources?.devices))
    }

    /// Writes the rules in order, one at a time, because the last match decides.
    private func restrictDevicesV1(
        _ rules: [RuntimeSpecification.DeviceRule]
    ) throws(RuntimeError) {
        guard let directory = directory("devices") else { return }
        do {
            let allow = try Descriptor.open(directory.appending("devices.allow"), .writing)
            let deny = try Descriptor.open(directory.appending("devices.deny"), .writing)
            for rule in rules {
                let line = Array(DeviceRules.line(rule).utf8)
                if rule.allow { try allow.write(line) } else { try deny.write(line) }
            }
        } catch {
            throw .refused(.cgroup, error)
        }
    }

    /// Creates a group without limits of its own, in the tree that lists its processes.
    func createPlain() throws(RuntimeError) {
        guard let directory = directory(hierarchy.version == .v1 ? "pids" : "") else { return }
        try RuntimeError.during(.cgroup, FileSystem.makeDirectories(directory))
    }

    /// Changes the limits of a running container.
    public func update(_ resources: RuntimeSpecification.Resources) throws(RuntimeError) {
        let isV2 = hierarchy.version == .v2
        try apply(isV2 ? CgroupSettings(v2: resources) : CgroupSettings(v1: resources))
    }

    /// Opens the files through which a process moves itself into the version 1 groups by writing 0.
    ///
    /// Writing "0" to `tasks` moves a process of one thread without taking the kernel's global
    /// lock, which waits for an RCU grace period on every processor: 15 ms instead of 10 µs. The
    /// parent opens the files, so that the process does not look up the paths.
    func openTasks(
        _ resources: RuntimeSpecification.Resources?
    ) throws(RuntimeError) -> DescriptorList {
        let files = DescriptorList()
        for tree in trees(for: resources) {
            try RuntimeError.during(
                .cgroup,
                files.append(try .open(directory(tree).appending("tasks"), .writing))
            )
        }
        return files
    }

    /// Moves the calling process, of one thread, into every version 1 group of this path.
    func enterExistingV1() throws(RuntimeError) {
        for tree in hierarchy.trees where !tree.isUnified {
            let tasks = directory(tree).appending("tasks")
            guard FileSystem.exists(tasks) else { continue }
            try RuntimeError.during(.cgroup, FileSystem.write("0", into: tasks))
        }
    }

    private func apply(_ translated: CgroupSettings) throws(RuntimeError) {
        // The Compose file's limits have been reported as ineffective.
        guard hierarchy.isAvailable else { return }
        for setting in translated.settings {
            guard let directory = directory(setting.controller) else {
                throw .invalid(
                    field: "linux.resources",
                    value: setting.file,
                    expected: "a control group controller that this kernel has"
                )
            }
            let file = directory.appending(setting.file)
            if !FileSystem.exists(file) {
                if setting.isOptional { continue }
                throw .controllerMissing(file)
            }
            try RuntimeError.during(
                .cgroup,
                "\(file) = \(setting.value)",
                FileSystem.write(setting.value, into: file)
            )
        }
    }

    /// Enables every controller from the root of the tree down to the group's parent.
    ///
    /// In a group that contains processes, such as the root that a container sees, the kernel
    /// refuses this (`EBUSY`). The group is then created without controllers, and only setting a
    /// limit fails.
    private func enableControllers(
        from root: FilePath,
        to directory: FilePath
    ) throws(RuntimeError) {
        var parents: [FilePath] = []
        var current = directory.removingLastComponent()
        while current.starts(with: root) {
            parents.append(current)
            if current == root { break }
            current = current.removingLastComponent()
        }
        for parent in parents.reversed() {
            try RuntimeError.during(.cgroup, Self.enableControllers(in: parent))
        }
    }

    private static func enableControllers(in group: FilePath) throws(SystemCallError) {
        let available = try FileSystem.readText(group.appending("cgroup.controllers"))
        let control = group.appending("cgroup.subtree_control")
        let enabled = Set(try FileSystem.readText(control).split { " \n".contains($0) })
        for name in available.split(whereSeparator: { " \n".contains($0) })
        where controllers.contains(String(name)) && !enabled.contains(name) {
            do throws(SystemCallError) {
                try FileSystem.write("+\(name)", into: control)
            } catch {
                guard error.reason == .resourceBusy else { throw error }
            }
        }
    }

    private static let controllers: Set<String> = ["cpu", "cpuset", "io", "memory", "pids"]

    private func restrictDevices(
        _ directory: FilePath,
        _ rules: [RuntimeSpecification.DeviceRule]
    ) throws(RuntimeError) {
        try RuntimeError.during(
            .cgroup,
            DeviceFilter.attach(DeviceProgram(rules).instructions, to: directory)
        )
    }

    /// Gives the ancestors realtime bandwidth, since a new group starts without any.
    private func inheritRealtime(
        from root: FilePath,
        to directory: FilePath
    ) throws(RuntimeError) {
        var ancestors: [FilePath] = []
        var current = directory.removingLastComponent()
        while current != root && current.starts(with: root) {
            ancestors.append(current)
            current = current.removingLastComponent()
        }
        do {
            for group in ancestors.reversed() {
                for file in ["cpu.rt_period_us", "cpu.rt_runtime_us"] {
                    let value = try FileSystem.readText(root.appending(file))
                    try FileSystem.write(value, into: group.appending(file))
                }
            }
        } catch {
            throw .refused(.cgroup, error)
        }
    }

    /// Fills a new cpuset group, which no process may enter while it is empty.
    private func inheritCPUs(from root: FilePath, to directory: FilePath) throws(RuntimeError) {
        var lineage: [FilePath] = []
        var current = directory
        while current != root && current.starts(with: root) {
            lineage.append(current)
            current = current.removingLastComponent()
        }
        do {
            for file in ["cpuset.cpus", "cpuset.mems"] {
                var value = try FileSystem.readText(root.appending(file))
                for group in lineage.reversed() {
                    let own = try FileSystem.readText(group.appending(file))
                    if own.contains(where: \.isNumber) {
                        value = own
                    } else {
                        try FileSystem.write(value, into: group.appending(file))
                    }
                }
            }
        } catch {
            throw .refused(.cgroup, error)
        }
    }
}
