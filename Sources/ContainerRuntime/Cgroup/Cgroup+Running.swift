import Linux
import SystemPackage

// Watching and steering a running container.
extension Cgroup {
    /// The processes in the group and in those that the container made below it.
    public func processes() throws(RuntimeError) -> [Int32] {
        guard let directory = directory(hierarchy.version == .v1 ? "pids" : "") else { return [] }
        return try attempt(.cgroup) { () throws(SystemCallError) in
            try Self.processes(in: directory).sorted()
        }
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

    private static func children(of directory: FilePath) throws(SystemCallError) -> [FilePath] {
        let names: [String]
        do {
            names = try FileSystem.entries(of: directory)
        } catch
            where error.reason == .noSuchFileOrDirectory
            || error.reason == .operationNotSupportedByDevice
        {
            return []
        }
        // Files of a group have a dot in their names or are these; the rest may be groups.
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

    /// Stops every process until `thaw`; waits at most a second until all have stopped.
    public func freeze() throws(RuntimeError) { try setFrozen(true) }

    public func thaw() throws(RuntimeError) { try setFrozen(false) }

    private func setFrozen(_ frozen: Bool) throws(RuntimeError) {
        if let directory = directory("") {
            try attempt(.cgroup) { () throws(SystemCallError) in
                try FileSystem.write(frozen ? "1" : "0", into: directory.appending("cgroup.freeze"))
                try Self.await(directory.appending("cgroup.events"), "frozen \(frozen ? 1 : 0)")
            }
        } else if let directory = directory("freezer") {
            try attempt(.cgroup) { () throws(SystemCallError) in
                let file = directory.appending("freezer.state")
                let state = frozen ? "FROZEN" : "THAWED"
                try FileSystem.write(state, into: file)
                try Self.await(file, state)
            }
        }
    }

    private static func await(_ file: FilePath, _ words: String) throws(SystemCallError) {
        for _ in 0..<200 {
            let text = try FileSystem.readText(file)
            if text.split(separator: "\n").contains(Substring(words)) { return }
            Pause.briefly()
        }
        throw SystemCallError(call: "read", subject: file.string, reason: .timedOut)
    }

    /// Kills every process in the group, also frozen ones and those born meanwhile.
    public func killAll() throws(RuntimeError) {
        if let directory = directory("") {
            let file = directory.appending("cgroup.kill")
            if FileSystem.exists(file) {
                return try attempt(.cgroup) { () throws(SystemCallError) in
                    try FileSystem.write("1", into: file)
                }
            }
        }
        for _ in 0..<200 {
            let left = try processes()
            if left.isEmpty { return }
            for pid in left {
                // One that has ended already is what we want.
                if let process = try? ProcessHandle(pid: pid) { try? process.send(.kill) }
            }
            // A frozen process dies only once it runs again.
            try thaw()
            Pause.briefly()
        }
    }

    /// How often the kernel killed a process of the group because its memory ran out.
    public func outOfMemoryKills() throws(RuntimeError) -> UInt64 {
        guard let directory = directory("memory") else { return 0 }
        let file = hierarchy.version == .v2 ? "memory.events" : "memory.oom_control"
        return try attempt(.cgroup) { () throws(SystemCallError) in
            CgroupText.number(
                "oom_kill",
                in: try FileSystem.readText(directory.appending(file))
            ) ?? 0
        }
    }

    /// Removes the group and those below it from every tree; one that is gone is fine.
    ///
    /// Throws `EBUSY` while processes are left in it.
    public func remove() throws(RuntimeError) {
        for tree in hierarchy.trees {
            try attempt(.cgroup) { () throws(SystemCallError) in
                try Self.remove(directory(tree))
            }
        }
    }

    /// Removes the common parent of all containers unless it holds another one.
    ///
    /// Whoever makes a group below it at this moment makes it again.
    public func removeCommonParent() {
        guard path.hasPrefix(Self.commonParent + "/") else { return }
        removeParent()
    }

    func removeParent() {
        let parent = Cgroup(FilePath(path).removingLastComponent().string, in: hierarchy)
        for tree in hierarchy.trees {
            // It may hold others, or be gone already.
            try? FileSystem.removeDirectory(parent.directory(tree))
        }
    }

    /// Hands the processes left in the group to the one above it, and removes it; true when it
    /// went.
    public func dissolve() throws(RuntimeError) -> Bool {
        if let directory = directory(hierarchy.version == .v1 ? "pids" : "") {
            let above = directory.removingLastComponent().appending("cgroup.procs")
            for pid in try processes() {
                try attempt(.cgroup) { () throws(SystemCallError) in
                    do throws(SystemCallError) {
                        try FileSystem.write("\(pid)", into: above)
                    } catch  where error.reason == .noSuchProcess {
                        // It has ended meanwhile.
                        return
                    }
                }
            }
        }
        return try removeIfEmpty()
    }

    /// Removes a group that has none below it, unless a process is left in it; true when it went.
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

    /// The groups directly below this one.
    public func children() throws(RuntimeError) -> [Cgroup] {
        guard let directory = directory(hierarchy.version == .v1 ? "pids" : "") else { return [] }
        return try attempt(.cgroup) { () throws(SystemCallError) in
            try Self.children(of: directory).compactMap { $0.lastComponent?.string }
        }.map { Cgroup("\(path)/\($0)", in: hierarchy) }
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
                // A process that has just been reaped leaves its group a moment later.
                if attempt == 100 { throw error }
                if attempt > 0 { Pause.briefly() }
            }
        }
    }
}
