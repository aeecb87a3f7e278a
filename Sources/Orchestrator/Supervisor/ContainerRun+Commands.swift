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
        let output = try Pipe()
        let far = output.writeEnd.number
        let started = try Exec.start(
            Exec.Request(
                process(request),
                seccomp: request.isPrivileged ? nil : specification.linux?.seccomp,
                user: request.user ?? specification.extensions.user,
                streams: StandardStreams(output: .descriptor(far), error: .descriptor(far))
            ),
            in: process,
            hierarchy: cgroup.hierarchy
        )
        return try CommandRun(
            started.takeProcess(),
            pipe: output.takeReadEnd(),
            request: request,
            loop: loop,
            finish: finish
        )
    }

    private func process(_ request: CommandRun.Request) -> RuntimeSpecification.Process {
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
