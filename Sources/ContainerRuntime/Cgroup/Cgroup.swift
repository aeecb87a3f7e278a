import Linux
public import OCI
import SystemPackage

/// The control group of one container: the same path in every tree it needs.
public struct Cgroup: Sendable, Equatable {
    public let hierarchy: CgroupHierarchy
    /// Below the root of each tree, like `/swiftcompose/0123`.
    public let path: String

    /// The group that holds all containers which ask for no other.
    public static let commonParent = "/swiftcompose"

    /// Names the group at `path`, whether it exists or not.
    public init(_ path: String, in hierarchy: CgroupHierarchy) {
        self.path = path
        self.hierarchy = hierarchy
    }

    /// Finds the group that process `pid` is in.
    public init(of pid: Int32, in hierarchy: CgroupHierarchy) throws(RuntimeError) {
        let text = try attempt(.cgroup) { () throws(SystemCallError) in
            try FileSystem.readText(FilePath("/proc/\(pid)/cgroup"))
        }
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

    /// The directory in the tree of a version 1 controller, or in the version 2 tree.
    func directory(_ controller: String) -> FilePath? {
        let tree =
            hierarchy.version == .v2 || controller.isEmpty
            ? hierarchy.unified : hierarchy.tree(of: controller)
        return tree.map(directory)
    }

    func directory(_ tree: CgroupHierarchy.Tree) -> FilePath {
        tree.mountPoint.appending(FilePath(path).lexicallyNormalized().components)
    }

    /// The version 1 trees that a container with these limits has a group in.
    func trees(for resources: RuntimeSpecification.Resources?) -> [CgroupHierarchy.Tree] {
        var wanted: Set<String> = [
            "memory", "pids", "devices", "cpu", "cpuacct", "blkio", "name=systemd",
        ]
        if resources?.cpu?.cpus != nil || resources?.cpu?.mems != nil { wanted.insert("cpuset") }
        if hierarchy.unified == nil { wanted.insert("freezer") }
        return hierarchy.trees.filter { !$0.isUnified && !wanted.isDisjoint(with: $0.controllers) }
    }
}

// Making it.
extension Cgroup {
    /// Makes the group in the version 2 tree, with its limits where that tree has controllers.
    ///
    /// A process can be born in it, which is the one cheap way in.
    func createUnified(_ resources: RuntimeSpecification.Resources?) throws(RuntimeError) {
        guard let tree = hierarchy.unified else { return }
        let directory = directory(tree)
        try attempt(.cgroup) { () throws(SystemCallError) in try Self.make(directory) }
        guard hierarchy.version == .v2 else { return }
        try limitUnified(resources ?? .init(), from: tree.mountPoint, to: directory)
        try restrictDevices(directory, DeviceRules.complete(resources?.devices))
    }

    /// Hands controllers down from the root of the version 2 tree, and sets the group's limits.
    func limitUnified(
        _ resources: RuntimeSpecification.Resources,
        from root: FilePath,
        to directory: FilePath
    ) throws(RuntimeError) {
        try enableControllers(from: root, to: directory)
        try apply(CgroupSettings(v2: resources))
    }

    /// Makes a group's directory; another program may meanwhile remove the parent, empty until
    /// then, at any moment.
    private static func make(_ directory: FilePath) throws(SystemCallError) {
        for _ in 0..<1_000 {
            do throws(SystemCallError) {
                return try FileSystem.makeDirectories(directory)
            } catch {
                // ENODEV is said of a parent that is being removed.
                guard
                    [.noSuchFileOrDirectory, .operationNotSupportedByDevice]
                        .contains(error.reason)
                else { throw error }
            }
        }
        try FileSystem.makeDirectories(directory)
    }

    /// Makes the groups in the version 1 trees and sets their limits.
    func createV1(_ resources: RuntimeSpecification.Resources?) throws(RuntimeError) {
        for tree in trees(for: resources) {
            let directory = directory(tree)
            try attempt(.cgroup) { () throws(SystemCallError) in try Self.make(directory) }
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

    /// The last match decides, so the rules are written in their order, one at a time.
    private func restrictDevicesV1(
        _ rules: [RuntimeSpecification.DeviceRule]
    ) throws(RuntimeError) {
        guard let directory = directory("devices") else { return }
        try attempt(.cgroup) { () throws(SystemCallError) in
            let allow = try Descriptor.open(directory.appending("devices.allow"), .writing)
            let deny = try Descriptor.open(directory.appending("devices.deny"), .writing)
            for rule in rules {
                let line = Array(DeviceRules.line(rule).utf8)
                if rule.allow { try allow.write(line) } else { try deny.write(line) }
            }
        }
    }

    /// Makes a group without limits of its own, in the tree that shows who is in it.
    func createPlain() throws(RuntimeError) {
        guard let directory = directory(hierarchy.version == .v1 ? "pids" : "") else { return }
        try attempt(.cgroup) { () throws(SystemCallError) in
            try FileSystem.makeDirectories(directory)
        }
    }

    /// Changes the limits of a running container.
    public func update(_ resources: RuntimeSpecification.Resources) throws(RuntimeError) {
        let isV2 = hierarchy.version == .v2
        try apply(isV2 ? CgroupSettings(v2: resources) : CgroupSettings(v1: resources))
    }

    /// Opens the files by which a process moves itself into the version 1 groups, by writing 0.
    ///
    /// It must do so itself: "0" in `tasks` moves a process of one thread without the kernel's
    /// global lock, for which it would wait until every processor has passed a quiet point: 15 ms
    /// against 10 µs. Whoever opens the files spares it the way there.
    func openTasks(
        _ resources: RuntimeSpecification.Resources?
    ) throws(RuntimeError) -> DescriptorList {
        let files = DescriptorList()
        for tree in trees(for: resources) {
            try attempt(.cgroup) { () throws(SystemCallError) in
                files.append(try .open(directory(tree).appending("tasks"), .writing))
            }
        }
        return files
    }

    /// Moves the calling process, of one thread, into every version 1 group of this path.
    func enterExistingV1() throws(RuntimeError) {
        for tree in hierarchy.trees where !tree.isUnified {
            let tasks = directory(tree).appending("tasks")
            guard FileSystem.exists(tasks) else { continue }
            try attempt(.cgroup) { () throws(SystemCallError) in
                try FileSystem.write("0", into: tasks)
            }
        }
    }

    private func apply(_ translated: CgroupSettings) throws(RuntimeError) {
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
            try attempt(.cgroup, "\(file) = \(setting.value)") { () throws(SystemCallError) in
                try FileSystem.write(setting.value, into: file)
            }
        }
    }

    /// Hands every controller down, from the root of the tree to the group's parent.
    ///
    /// A group with processes of its own, such as the root that a container sees, hands none down
    /// (`EBUSY`): its children are then made without, and only limits are refused.
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
            try attempt(.cgroup) { () throws(SystemCallError) in
                let available = try FileSystem.readText(parent.appending("cgroup.controllers"))
                let control = parent.appending("cgroup.subtree_control")
                let enabled = Set(try FileSystem.readText(control).split { " \n".contains($0) })
                for name in available.split(whereSeparator: { " \n".contains($0) })
                where Self.controllers.contains(String(name)) && !enabled.contains(name) {
                    do throws(SystemCallError) {
                        try FileSystem.write("+\(name)", into: control)
                    } catch {
                        guard error.reason == .resourceBusy else { throw error }
                    }
                }
            }
        }
    }

    private static let controllers: Set<String> = ["cpu", "cpuset", "io", "memory", "pids"]

    private func restrictDevices(
        _ directory: FilePath,
        _ rules: [RuntimeSpecification.DeviceRule]
    ) throws(RuntimeError) {
        try attempt(.cgroup) { () throws(SystemCallError) in
            try DeviceFilter.attach(DeviceProgram(rules).instructions, to: directory)
        }
    }

    /// A new group has no realtime of its own, and gives none to those below it.
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
        for group in ancestors.reversed() {
            try attempt(.cgroup) { () throws(SystemCallError) in
                for file in ["cpu.rt_period_us", "cpu.rt_runtime_us"] {
                    let value = try FileSystem.readText(root.appending(file))
                    try FileSystem.write(value, into: group.appending(file))
                }
            }
        }
    }

    /// A new cpuset group is empty, and no process may enter it until it is filled.
    private func inheritCPUs(from root: FilePath, to directory: FilePath) throws(RuntimeError) {
        var lineage: [FilePath] = []
        var current = directory
        while current != root && current.starts(with: root) {
            lineage.append(current)
            current = current.removingLastComponent()
        }
        for file in ["cpuset.cpus", "cpuset.mems"] {
            try attempt(.cgroup) { () throws(SystemCallError) in
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
        }
    }
}
