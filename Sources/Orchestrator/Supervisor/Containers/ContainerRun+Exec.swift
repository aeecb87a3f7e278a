import ContainerRuntime
import Linux
import OCI

extension ContainerRun {
    /// Begins a command of `exec` with the settings of the container's own process, except where
    /// the request overrides them; does not wait until its program runs.
    func begin(
        _ request: ExecRequest,
        _ streams: StandardStreams
    ) throws(RuntimeError) -> PendingExec {
        let specification = try specification.get()
        var environment = request.environment
        if request.hasTerminal, specification.process?.env?.names("TERM") != true {
            environment.insert("TERM=xterm", at: 0)
        }
        var changed = specification.applying(
            CommandRun.Request(
                command: request.command,
                user: request.user,
                workingDirectory: request.workingDirectory,
                environment: environment,
                isPrivileged: request.isPrivileged
            )
        )
        changed.process?.terminal = request.hasTerminal ? true : nil
        changed.process?.consoleSize = request.terminalSize.map {
            .init(height: $0.rows, width: $0.columns)
        }
        return try Exec.begin(
            Exec.Request(changed, streams: streams),
            in: process,
            hierarchy: cgroup.hierarchy
        )
    }
}

extension [String] {
    /// Whether one of these `NAME=value` entries has this name.
    fileprivate func names(_ name: String) -> Bool { contains { $0.hasPrefix("\(name)=") } }
}
