/// What an exit code says about the end of a container.
enum ExitMeaning {
    /// `memoryLimit` is in bytes; nil without one.
    static func text(_ state: ContainerState, memoryLimit: Int64?, grace: Duration) -> String {
        guard let code = state.exitCode else {
            return "it exited with an unknown status, since no supervisor was running"
        }
        if state.wasKilledForMemory {
            let limit = memoryLimit.map { " of \(size($0))" } ?? ""
            return "it was killed (\(code)): its processes exceeded the memory limit\(limit)"
        }
        if state.wasStoppedByHand { return stopped(code, grace) }
        switch code {
        case 0: return "it completed successfully"
        case 126: return "it exited (126): its command is not executable"
        case 127: return "it exited (127): its command was not found"
        default:
            guard let name = signals[code - 128] else { return "it failed with exit code \(code)" }
            return "it was ended by \(name) (\(code))"
        }
    }

    private static func stopped(_ code: Int32, _ grace: Duration) -> String {
        guard code == 137 else { return "it was stopped by a command (exit code \(code))" }
        return "it was killed by a command (137), or did not end within \(grace) of its stop signal"
    }

    /// In the unit of Compose files: `64m`.
    private static func size(_ bytes: Int64) -> String {
        for (unit, size) in [("g", Int64(1) << 30), ("m", 1 << 20), ("k", 1 << 10)]
        where bytes >= size && bytes % size == 0 {
            return "\(bytes / size)\(unit)"
        }
        return "\(bytes) bytes"
    }

    /// Source: signal(7).
    private static let signals: [Int32: String] = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL, an illegal instruction",
        6: "SIGABRT, by itself", 7: "SIGBUS, an invalid memory access",
        8: "SIGFPE, an arithmetic error", 9: "SIGKILL", 11: "SIGSEGV, an invalid memory access",
        13: "SIGPIPE", 15: "SIGTERM", 31: "SIGSYS, a forbidden system call",
    ]
}
