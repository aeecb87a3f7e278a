import Linux
import SystemPackage

/// Waits until the clients of a container that others no longer find have been served.
///
/// The container that replaces it has taken over its names and ports, but clients may still have a
/// connection to it or be about to open one to the address that they have looked up.
struct ContainerDrain: Sendable {
    /// How often the connections are counted.
    private static let interval = Duration.milliseconds(100)
    /// The number of counts in a row without a connection after which it counts as drained.
    private static let quietCounts = 5

    /// A process in the container's network namespace.
    let pid: Int32
    /// How long to wait for connections that stay open.
    let limit: Duration

    func run() async throws {
        let end = ContinuousClock.now + limit
        var quiet = 0
        while quiet < Self.quietCounts, ContinuousClock.now < end {
            try await Task.sleep(for: Self.interval)
            quiet = connections() == 0 ? quiet + 1 : 0
        }
    }

    /// The number of connections that clients have opened.
    private func connections() -> Int {
        let tables = ["tcp", "tcp6"].map { table in
            // The container may have exited, and a kernel without IPv6 has no second table.
            (try? FileSystem.readText(FilePath("/proc/\(pid)/net/\(table)"))) ?? ""
        }
        return Self.inbound(tables)
    }

    /// Counts the connections to listening ports in socket tables. Source: proc_net(5).
    static func inbound(_ tables: [String]) -> Int {
        let sockets = tables.flatMap { $0.split(separator: "\n").dropFirst() }.compactMap(
            Socket.init
        )
        let listening = Set(sockets.filter { $0.state == "0A" }.map(\.port))
        // 01 is ESTABLISHED, 03 is SYN_RECV.
        return sockets.count { ["01", "03"].contains($0.state) && listening.contains($0.port) }
    }

    /// A line of a table: slot, local address, remote address, state, …
    private struct Socket {
        var port: Substring
        var state: Substring

        init?(_ line: Substring) {
            let fields = line.split(separator: " ")
            guard fields.count > 3, let port = fields[1].split(separator: ":").last else {
                return nil
            }
            (self.port, state) = (port, fields[3])
        }
    }
}
