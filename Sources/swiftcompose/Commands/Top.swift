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
        session.warnOfInvisibleState()
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

/// Processes in the columns of `ps -ef`, as docker prints them.
private struct ProcessRows {
    /// Names of users by uid.
    private let users: [String: String]
    private let uptime: Duration
    private let now = WallClock.now().seconds

    init() throws {
        uptime = try ProcessTable.uptime()
        // Without the file, users are shown by number.
        let passwd = (try? FileSystem.readText("/etc/passwd")) ?? ""
        let entries = passwd.split(separator: "\n").compactMap { line -> (String, String)? in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            // A name longer than its column is shown by number, as ps does.
            guard fields.count > 2, fields[0].count <= 8 else { return nil }
            return (String(fields[2]), String(fields[0]))
        }
        users = Dictionary(entries) { first, _ in first }
    }

    /// Returns UID, PID, PPID, C, STIME, TTY, TIME and CMD; nil if the process has exited.
    func row(of pid: Int32) -> [String]? {
        // A process may exit after it was listed.
        guard let statistics = try? ProcessTable.statistics(of: pid),
            let owner = try? FileSystem.status(of: FilePath("/proc/\(pid)")).owner
        else { return nil }
        let line = try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))
        let command = (line ?? "").split(separator: "\0").joined(separator: " ")
        let age = uptime - statistics.start
        return [
            users["\(owner)"] ?? "\(owner)", String(pid), String(statistics.parent),
            String(Int(100 * (statistics.processorTime / max(age, .milliseconds(10))))),
            startTime(age), statistics.terminal ?? "?", time(statistics.processorTime),
            command.isEmpty ? "[\(statistics.name)]" : command,
        ]
    }

    /// `14:05` within a day, else `Nov24`.
    private func startTime(_ age: Duration) -> String {
        let start = WallClock.local(now - age.components.seconds)
        if age < .seconds(86_400) { return "\(twoDigits(start.hour)):\(twoDigits(start.minute))" }
        return Self.months[start.month - 1] + twoDigits(start.day)
    }

    /// `00:00:07`.
    private func time(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        return [seconds / 3600, seconds / 60 % 60, seconds % 60].map(twoDigits)
            .joined(separator: ":")
    }

    private func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
