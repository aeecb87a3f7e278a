import SystemPackage

extension ProcessTable {
    /// How process `pid` ended, as long as its parent has not looked yet; nil while it runs, and
    /// when there is none that started at `startTime`.
    ///
    /// Source: proc_pid_stat(5), fields 3, 22 and 52.
    public static func exitStatus(of pid: Int32, startTime: UInt64) -> ExitStatus? {
        // A process without an entry has been looked at.
        guard let text = try? FileSystem.readText(FilePath("/proc/\(pid)/stat")) else { return nil }
        let fields = text.split(separator: ")").last?.split { $0 == " " || $0 == "\n" } ?? []
        guard fields.count > 49, fields[0] == "Z" || fields[0] == "X",
            UInt64(fields[19]) == startTime, let status = Int32(fields[49])
        else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(Signal(rawValue: signal))
    }
}
