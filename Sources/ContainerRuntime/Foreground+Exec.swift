public import Linux

extension Foreground {
    /// Runs a further process in a container to its end, with the caller's streams and terminal.
    ///
    /// `container` is any process of it. The process ends with the caller.
    public static func exec(
        _ request: Exec.Request,
        in container: borrowing ProcessHandle
    ) throws(RuntimeError) -> ExitStatus {
        let (loop, signals) = try attempt(.wait) { () throws(SystemCallError) in
            (try EventLoop(), try SignalReader(forwarded))
        }
        var started = try Exec.start(request, in: container)
        let console = started.takeConsole()
        return try wait(for: started.process, console, signals, loop)
    }
}
