import Linux
import SystemPackage

// Inspecting and controlling a running container.
extension Cgroup {
    /// The pids of the processes in the group and in its descendants, sorted.
    public func processes() throws(RuntimeError) -> [Int32] {
        guard let directory = directory(hierarchy.version == .v1 ? "pids" : "") else { return [] }
        return try RuntimeError.during(.cgroup, Self.processes(in: directory).sorted())
    }

    private static func processes(in directory: FilePath) throws(SystemCallError) -> [Int32] {
        let text: String
        do {
            text = try FileSystem.readText(directory.appending("cgroup.procs"))
        } catch
            where error.reason == .noSuchFileOrDirectory
            || error.reason == .operationNotSupportedByDevice
        {
            return []
        }
        var found = text.split(separator: "\n").compactMap { Int32($0) }
        for child in try children(of: directory) { found += try processes(in: child) }
        return found
    }

    static func children(of directory: FilePath) throws(SystemCallError) -> [FilePath] {
        let names: [String]
        do {
            names = try FileSystem.entries(of: directory)
        } catch
            where error.reason == .noSuchFileOrDirectory
            || error.reason == .operationNotSupportedByDevice
        {
            return []
        }
        // The other entries whose names have no dot may be groups.
        let paths = names.filter { !["tasks", "notify_on_release", "release_agent"].contains($0) }
            .map { directory.appending($0) }
        var groups: [FilePath] = []
        for path in paths {
            do {
                if try FileSystem.status(of: path).kind == .directory { groups.append(path) }
            } catch  where error.reason == .noSuchFileOrDirectory {
                continue
            }
        }
        return groups
    }

    /// Freezes every process until `thaw`; waits at most a second until all are frozen.
    public func freeze() throws(RuntimeError) { try setFrozen(true) }

    public func thaw() throws(RuntimeError) { try setFrozen(false) }

    private func setFrozen(_ frozen: Bool) throws(RuntimeError) {
        if let directory = directory("") {
            let digit = frozen ? "1" : "0"
            try RuntimeError.during(
                .cgroup,
                Self.write(
                    digit,
                    into: directory.appending("cgroup.freeze"),
                    awaiting: "frozen \(digit)",
                    in: directory.appending("cgroup.events")
                )
            )
        } else if let directory = directory("freezer") {
            let file = directory.appending("freezer.state")
            let state = frozen ? "FROZEN" : "THAWED"
            try RuntimeError.during(
                .cgroup,
                Self.write(state, into: file, awaiting: state, in: file)
            )
        } else if frozen {
            throw .refused(
                .cgroup,
                SystemCallError(
                    call: "freeze",
                    subject: "an ordinary user's containers have no control groups",
                    reason: .notSupported
                )
            )
        }
    }

    private static func write(
        _ value: String,
        into control: FilePath,
        awaiting line: String,
        in status: FilePath
    ) throws(SystemCallError) {
        try FileSystem.write(value, into: control)
        for _ in 0..<200 {
            let text = try FileSystem.readText(status)
            if text.split(separator: "\n").contains(Substring(line)) { return }
            Pause.briefly()
        }
        throw SystemCallError(call: "read", subject: status.string, reason: .timedOut)
    }

    /// Kills every process in the group, including frozen ones and those forked concurrently.
    public func killAll() throws(RuntimeError) {
        if let directory = directory("") {
            let file = directory.appending("cgroup.kill")
            if FileSystem.exists(file) {
                return try RuntimeError.during(.cgroup, FileSystem.write("1", into: file))
            }
        }
        for _ in 0..<200 {
            let left = try processes()
            if left.isEmpty { return }
            for pid in left {
                // An error means that it has exited already.
                if let process = try? ProcessHandle(pid: pid) { try? process.send(.kill) }
            }
            // On version 1 a frozen process dies only after it is thawed.
            try thaw()
            Pause.briefly()
        }
    }

    /// The number of processes of the group that the kernel's OOM killer has killed.
    public func outOfMemoryKills() throws(RuntimeError) -> UInt64 {
        guard let directory = directory("memory") else { return 0 }
        let file = hierarchy.version == .v2 ? "memory.events" : "memory.oom_control"
        let text = try RuntimeError.during(
            .cgroup,
            FileSystem.readText(directory.appending(file))
        )
        return CgroupText.number("oom_kill", in: text) ?? 0
    }

    /// Removes the group and its descendants from every tree, where they exist.
    ///
    /// Throws `EBUSY` while the group contains processes.
    public func remove() throws(RuntimeError) {
        for tree in hierarchy.trees {
            try RuntimeError.during(.cgroup, Self.remove(directory(tree)))
        }
    }

    /// Removes the common parent of all containers unless it contains another group.
    ///
    /// A concurrent creation of a group below it creates it again.
    public func removeCommonParent() {
        guard path.hasPrefix(Self.commonParent + "/") else { return }
        removeParent()
    }

    func removeParent() {
        let parent = Cgroup(FilePath(path).removingLastComponent().string, in: hierarchy)
        for tree in hierarchy.trees {
            // It may contain others, or have been removed already.
            try? FileSystem.removeDirectory(parent.directory(tree))
        }
    }

    /// Moves the remaining processes of the group to its parent and removes it.
    ///
    /// Returns whether the group was removed.
    public func dissolve() throws(RuntimeError) -> Bool {
        if let directory = directory(hierarchy.version == .v1 ? "pids" : "") {
            let above = directory.removingLastComponent().appending("cgroup.procs")
            for pid in try processes() {
                do throws(SystemCallError) {
                    try FileSystem.write("\(pid)", into: above)
                } catch {
                    // The process may have exited since it was listed.
                    guard error.reason == .noSuchProcess else { throw .refused(.cgroup, error) }
                }
            }
        }
        return try removeIfEmpty()
    }

    /// Removes a group without descendants unless it contains a process.
    ///
    /// Returns whether the group was removed.
    public func removeIfEmpty() throws(RuntimeError) -> Bool {
        for tree in hierarchy.trees where FileSystem.exists(directory(tree)) {
            do throws(SystemCallError) {
                try FileSystem.removeDirectory(directory(tree))
            } catch {
                if error.reason == .noSuchFileOrDirectory { continue }
                if error.reason == .resourceBusy { return false }
                throw .refused(.cgroup, error)
            }
        }
        return true
    }

    /// The direct children of this group.
    public func children() throws(RuntimeError) -> [Cgroup] {
        guard let directory = directory(hierarchy.version == .v1 ? "pids" : "") else { return [] }
        return try RuntimeError.during(.cgroup, Self.children(of: directory))
            .compactMap { $0.lastComponent?.string }
            .map { Cgroup("\(path)/\($0)", in: hierarchy) }
    }

    private static func remove(_ directory: FilePath) throws(SystemCallError) {
        guard FileSystem.exists(directory) else { return }
        for attempt in 0... {
            do {
                try FileSystem.removeDirectory(directory)
                return
            } catch  where error.reason == .noSuchFileOrDirectory {
                return
            } catch  where error.reason == .resourceBusy {
                for child in try children(of: directory) { try remove(child) }
                // A process leaves its group a moment after it has been reaped.
                if attempt == 100 { throw error }
                if attempt > 0 { Pause.briefly() }
            }
        }
    }
}
