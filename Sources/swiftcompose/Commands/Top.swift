import ArgumentParser
import ContainerRuntime
import Linux
import Orchestrator
import SystemPackage

struct Top: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show the processes of running containers."
    )

    @Argument(help: "Services (default: all).", completion: .runningServices)
    var services: [String] = []

    func run(in session: Session) throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let hierarchy = try CgroupHierarchy.discover()
        let rows = try ProcessRows()
        var table = Table(
            headings: ["SERVICE", "#", "UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"],
            minimumWidth: 4,
            gap: 2
        )
        for container in try project.containers()
        where container.isRunning && isWanted(container) {
            guard let pid = container.state.pid else { continue }
            let processes =
                try hierarchy.isAvailable
                ? Cgroup(of: pid, in: hierarchy).processes()
                : ProcessTable.processes(sharingNamespaceOf: pid)
            for process in processes.sorted() {
                guard let row = rows.row(of: process) else { continue }
                let record = container.record
                let number = record.isOneOff ? "" : String(record.number)
                table.rows.append([record.service, number] + row)
            }
        }
        if !table.rows.isEmpty { for line in table.lines() { Output.line(line) } }
        return 0
    }

    private func isWanted(_ container: ExistingContainer) -> Bool {
        services.isEmpty || services.contains(container.record.service)
    }
}
