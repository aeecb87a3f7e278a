import ContainerRuntime
import Linux
import SystemPackage

extension Examination {
    func controlGroups() -> Finding {
        if user != nil {
            return Finding(
                "control groups",
                .warning,
                "not delegated to ordinary users: limits have no effect, and containers cannot be "
                    + "paused"
            )
        }
        let hierarchy: CgroupHierarchy
        do throws(RuntimeError) {
            hierarchy = try CgroupHierarchy.discover()
        } catch {
            return Finding("control groups", .problem, "\(error)")
        }
        let version = "version " + (hierarchy.version == .v2 ? "2" : "1")
        guard hierarchy.isAvailable,
            hierarchy.trees.allSatisfy({ FileSystem.isWritable($0.mountPoint) })
        else {
            return Finding(
                "control groups",
                .problem,
                hierarchy.isAvailable ? "mounted read-only" : "not mounted",
                remedies: ["mount -t cgroup2 cgroup2 /sys/fs/cgroup"]
            )
        }
        let missing = ["cpu", "memory", "pids"].filter { !Self.has($0, hierarchy) }
        guard missing.isEmpty else {
            return Finding(
                "control groups",
                .warning,
                "\(version) without the controllers \(missing.joined(separator: ", ")), so limits "
                    + "of these kinds are refused; boot the kernel with "
                    + missing.map { "cgroup_enable=\($0)" }.joined(separator: " ")
            )
        }
        return Finding("control groups", version)
    }

    private static func has(_ controller: String, _ hierarchy: CgroupHierarchy) -> Bool {
        if hierarchy.tree(of: controller) != nil { return true }
        guard let unified = hierarchy.unified else { return false }
        let file = unified.mountPoint.appending("cgroup.controllers")
        // A tree without the file offers no controllers.
        let text = (try? FileSystem.readText(file)) ?? ""
        return text.split { " \n".contains($0) }.contains(controller[...])
    }

    func storage() -> [Finding] {
        let place = nearestDirectory
        do throws(SystemCallError) {
            return [
                Self.space(try FileSystem.availableBytes(at: place), at: place),
                Self.files(try FileSystem.availableFiles(at: place), at: place),
            ]
        } catch {
            return [Finding("disk", .problem, "\(error)")]
        }
    }

    /// Images of distributions have about 100 MB.
    static func space(_ bytes: UInt64, at place: FilePath) -> Finding {
        let detail = "\(bytes >> 20) MiB free in \(place)"
        let status: Finding.Status = bytes < 64 << 20 ? .problem : bytes < 1 << 30 ? .warning : .ok
        return Finding("disk", status, detail, remedies: status == .ok ? [] : [prune])
    }

    /// Images of distributions have about 5000 files; nil is no limit.
    static func files(_ count: UInt64?, at place: FilePath) -> Finding {
        guard let count else { return Finding("inodes", "unlimited in \(place)") }
        let status: Finding.Status = count < 1_000 ? .problem : count < 20_000 ? .warning : .ok
        return Finding(
            "inodes",
            status,
            "\(count) free in \(place)",
            remedies: status == .ok ? [] : [prune]
        )
    }

    private static let prune = "swiftcompose system prune --all"
}
