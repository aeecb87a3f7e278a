import ArgumentParser
import ContainerRuntime
import Linux
import Orchestrator
import SystemPackage

struct Top: SynchronousCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the running containers' processes, with the host's pids."
    )

    @Argument(help: "The services; all of them if none is named.")
    var services: [String] = []

    func run(in session: Session) throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let hierarchy = try CgroupHierarchy.discover()
        var table = Table(
            headings: ["SERVICE", "#", "UID", "PID", "PPID", "CMD"],
            minimumWidth: 4,
            gap: 2
        )
        for container in try ContainerStore(session.paths).containers(of: project.name)
        where container.isRunning && isWanted(container) {
            guard let pid = container.state.pid else { continue }
            for process in try Cgroup(of: pid, in: hierarchy).processes().sorted() {
                guard let row = row(process) else { continue }
                let record = container.record
                table.rows.append([record.service, String(record.number)] + row)
            }
        }
        if !table.rows.isEmpty { for line in table.lines() { Output.line(line) } }
        return 0
    }

    private func isWanted(_ container: ExistingContainer) -> Bool {
        services.isEmpty || services.contains(container.record.service)
    }

    /// UID, PID, PPID and command line; nil for a process that has just ended.
    private func row(_ pid: Int32) -> [String]? {
        // A process may end between the list and the look.
        guard let fields = try? ProcessTable.statusFields(of: pid) else { return nil }
        let values = Dictionary(fields) { first, _ in first }
        let user = values["Uid"]?.split(whereSeparator: \.isWhitespace).first.map(String.init)
        let line = try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))
        let command = (line ?? "").split(separator: "\0").joined(separator: " ")
        return [
            user ?? "", String(pid), values["PPid"] ?? "",
            command.isEmpty ? "[\(values["Name"] ?? "")]" : command,
        ]
    }
}
