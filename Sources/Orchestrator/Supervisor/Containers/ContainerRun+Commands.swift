import ContainerRuntime
import Linux
import OCI

extension ContainerRun {
    /// Runs a command in the container, as its own process is run unless the request says else.
    func start(
        _ request: CommandRun.Request,
        loop: EventLoop,
        finish: @escaping (CommandRun.Outcome) -> Void
    ) throws -> CommandRun {
        commandGroups = commandGroups.filter { !isGone($0) }
        commandCount += 1
        let output = try Pipe()
        let far = output.writeEnd.number
        let started = try Exec.start(
            Exec.Request(
                process(request),
                seccomp: request.isPrivileged ? nil : specification.linux?.seccomp,
                user: request.user ?? specification.extensions.user,
                streams: StandardStreams(output: .descriptor(far), error: .descriptor(far)),
                group: "\(Self.groupPrefix)\(commandCount)"
            ),
            in: process,
            hierarchy: cgroup.hierarchy
        )
        let group = started.group
        if let group { commandGroups.append(group) }
        return try CommandRun(
            started.takeProcess(),
            group: group,
            pipe: output.takeReadEnd(),
            request: request,
            loop: loop,
            finish: finish
        )
    }

    /// Kills what hooks and probes of a supervisor that died are still doing.
    func endCommands() {
        do throws(RuntimeError) {
            for group in try cgroup.children()
            where group.path.split(separator: "/").last?.hasPrefix(Self.groupPrefix) == true {
                try group.killAll()
                commandGroups.append(group)
            }
        } catch {
            environment.log("hooks and probes that were left behind cannot be ended: \(error)")
        }
        commandCount = commandGroups.count
    }

    /// Distinguishes our groups from those that a container makes for itself.
    private static let groupPrefix = "swiftcompose-command-"

    private func isGone(_ group: Cgroup) -> Bool {
        // What cannot be removed now goes with the container.
        (try? group.removeIfEmpty()) ?? false
    }

    /// The container's process with what a request changes in it.
    func process(_ request: CommandRun.Request) -> RuntimeSpecification.Process {
        var process = specification.process ?? RuntimeSpecification.Process(args: [])
        process.args = request.command
        process.terminal = nil
        process.consoleSize = nil
        if let directory = request.workingDirectory { process.cwd = directory }
        process.env = Self.merge(process.env ?? [], request.environment)
        if request.isPrivileged {
            let all = Capability.all.map(\.name)
            process.capabilities = .init(
                bounding: all,
                effective: all,
                inheritable: all,
                permitted: all
            )
            process.noNewPrivileges = nil
        }
        return process
    }

    /// Variables, of which the later one of a name counts.
    private static func merge(_ first: [String], _ second: [String]) -> [String] {
        let names = Set(second.map { $0.prefix { $0 != "=" } })
        return first.filter { !names.contains($0.prefix { $0 != "=" }) } + second
    }
}
