import Linux
import SystemPackage

/// The bytes that the interfaces of a network namespace have transferred, without loopback.
public struct InterfaceTraffic: Sendable, Equatable {
    public var received: UInt64
    public var sent: UInt64

    /// Reads the counters of the interfaces in the network namespace of process `pid`.
    public init(seenBy pid: Int32) throws(RuntimeError) {
        let path = FilePath("/proc/\(pid)/net/dev")
        self.init(
            try RuntimeError.during(.network, FileSystem.readText(path))
        )
    }

    /// Sums the lines of `/proc/PID/net/dev`. Source: proc_pid_net(5).
    init(_ text: String) {
        (received, sent) = (0, 0)
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].drop { $0 == " " }
            let numbers = line[line.index(after: colon)...].split(separator: " ")
            guard name != "lo", numbers.count >= 9, let received = UInt64(numbers[0]),
                let sent = UInt64(numbers[8])
            else { continue }
            self.received &+= received
            self.sent &+= sent
        }
    }
}
