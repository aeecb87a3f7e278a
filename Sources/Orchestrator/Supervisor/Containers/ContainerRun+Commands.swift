import ContainerRuntime
import Linux
import OCI

extension ContainerRun {
    /// Runs a command in the container with the settings of its own process, except where the
    /// request overrides them.
    func start(
        _ request: CommandRun.Request,
        loop: EventLoop,
        finish: @escaping (CommandRun.Outcome) -> Void
    ) throws -> CommandRun {
        commandGroups = commandGroups.filter { !isRemoved($0) }
        commandCount += 1
        let specification = try specification.get()
        let output = try Pipe()
        let far = output.writeEnd.number
        let started = try Exec.start(
            Exec.Request(
                specification.applying(request),
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

    /// Kills hooks and probes that a killed supervisor left running.
    func endCommands() {
        do throws(RuntimeError) {
            for group in try cgroup.children()
            where group.path.split(separator: "/").last?.hasPrefix(Self.groupPrefix) == true {
                try group.killAll()
                commandGroups.append(group)
            }
        } catch {
            environment.log("cannot end hooks and probes of a dead supervisor: \(error)")
        }
        commandCount = commandGroups.count
    }

    /// Distinguishes these groups from those that the container creates itself.
    private static let groupPrefix = "swiftcompose-command-"

    private func isRemoved(_ group: Cgroup) -> Bool {
        // A group that cannot be removed now is removed with the container's.
        (try? group.removeIfEmpty()) ?? false
    }
}

extension RuntimeSpecification {
    /// Returns the container's specification with the process that a request asks for.
    func applying(_ request: CommandRun.Request) -> RuntimeSpecification {
        var specification = self
        var process = self.process ?? RuntimeSpecification.Process(args: [])
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
            process.apparmorProfile = nil
            specification.linux?.seccomp = nil
        }
        if let user = request.user { specification.extensions.user = user }
        specification.process = process
        return specification
    }

    /// Merges variables; those of `second` take precedence.
    private static func merge(_ first: [String], _ second: [String]) -> [String] {
        let names = Set(second.map { $0.prefix { $0 != "=" } })
        return first.filter { !names.contains($0.prefix { $0 != "=" }) } + second
    }
}
