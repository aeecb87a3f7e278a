import Glibc

/// A signal number. Source: signal(7).
public struct Signal: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let hangUp = Signal(rawValue: SIGHUP)
    public static let interrupt = Signal(rawValue: SIGINT)
    public static let quit = Signal(rawValue: SIGQUIT)
    public static let kill = Signal(rawValue: SIGKILL)
    public static let terminate = Signal(rawValue: SIGTERM)
    public static let child = Signal(rawValue: SIGCHLD)
    public static let pipe = Signal(rawValue: SIGPIPE)
    public static let windowChange = Signal(rawValue: SIGWINCH)
    public static let `continue` = Signal(rawValue: SIGCONT)
    public static let user1 = Signal(rawValue: SIGUSR1)
    public static let user2 = Signal(rawValue: SIGUSR2)
}

extension Signal {
    /// Parses `SIGTERM`, `term` or `15`; nil for an unknown signal.
    public init?(_ text: String) {
        if let number = Int32(text) {
            guard (1...64).contains(number) else { return nil }
            self.init(rawValue: number)
            return
        }
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        guard let number = Self.numbers[name] else { return nil }
        self.init(rawValue: number)
    }

    private static let numbers: [String: Int32] = {
        let names = [
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
            "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN",
            "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
        ]
        var numbers = ["IOT": SIGABRT, "POLL": SIGIO, "RTMIN": 34, "RTMAX": 64]
        for (index, name) in names.enumerated() { numbers[name] = Int32(index) + 1 }
        for step in Int32(1)...15 { numbers["RTMIN+\(step)"] = 34 + step }
        for step in Int32(1)...14 { numbers["RTMAX-\(step)"] = 64 - step }
        return numbers
    }()
}
