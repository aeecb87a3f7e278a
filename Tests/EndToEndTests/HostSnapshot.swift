import Linux
import SystemPackage

/// Resources of the host that a container engine might leave behind.
struct HostSnapshot {
    /// One readable line for each resource.
    let things: Set<String>

    init(root: FilePath) throws {
        var things = try Self.mounts()
        things.formUnion(try Self.processes(naming: root))
        things.formUnion(try Self.controlGroups(below: "/sys/fs/cgroup"))
        things.formUnion(try Self.links())
        things.formUnion(try Self.firewallRules())
        things.formUnion(try Self.files(below: root))
        self.things = things
    }

    private static func mounts() throws -> Set<String> {
        let lines = try FileSystem.readText("/proc/self/mountinfo").split(separator: "\n")
        return Set(lines.map { "mount \($0)" })
    }

    /// Only ours, since others start and exit at any time; processes of containers are covered by
    /// their control groups.
    private static func processes(naming root: FilePath) throws -> Set<String> {
        var found: Set<String> = []
        for name in try FileSystem.entries(of: "/proc") where Int32(name) != nil {
            // A process may exit during the search.
            guard let command = try? FileSystem.readText(FilePath("/proc/\(name)/cmdline")),
                command.contains(root.string)
            else { continue }
            found.insert("process \(name) \(command.split(separator: "\0").joined(separator: " "))")
        }
        return found
    }

    /// Waits for the exit of the processes among `things`; those that take longer count as left
    /// behind.
    static func awaitEnd(ofProcesses things: Set<String>) throws {
        for words in things.map({ $0.split(separator: " ") }) where words[0] == "process" {
            // A process that cannot be opened has exited.
            guard let pid = Int32(words[1]), let process = try? ProcessHandle(pid: pid) else {
                continue
            }
            _ = try Readiness.wait(for: [process.descriptor.number], timeout: .seconds(10))
        }
    }

    private static func controlGroups(below directory: FilePath) throws -> Set<String> {
        let list = try Program.run("find", directory.string, "-type", "d").output
        return Set(list.split(separator: "\n").map { "cgroup \($0)" })
    }

    /// Control groups of this name without descendants; those of other engines may have some.
    func emptyControlGroups(called name: String) -> [String] {
        things.filter { group in
            group.hasPrefix("cgroup ") && group.hasSuffix("/\(name)")
                && !things.contains { $0.hasPrefix("\(group)/") }
        }.sorted()
    }

    private static func links() throws -> Set<String> {
        let list = try Program.run("ip", "-brief", "link").output
        return Set(list.split(separator: "\n").map { "link \($0.prefix { $0 != " " })" })
    }

    private static func firewallRules() throws -> Set<String> {
        let list = try Program.run("nft", "--stateless", "list", "ruleset").output
        return Set(list.split(separator: "\n").map { "rule \($0)" })
    }

    /// Images, snapshots, the build cache and locks are kept on purpose.
    private static func files(below root: FilePath) throws -> Set<String> {
        let list = try Program.run(
            "find",
            root.string,
            "-mindepth",
            "2",
            "-name",
            "*.lock",
            "-prune",
            "-o",
            "(",
            "-path",
            "\(root)/lib/images",
            "-o",
            "-path",
            "\(root)/lib/snapshots",
            "-o",
            "-path",
            "\(root)/lib/cache",
            ")",
            "-prune",
            "-o",
            "-print"
        ).output
        return Set(list.split(separator: "\n").map { "file \($0)" })
    }
}
