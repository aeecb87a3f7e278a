import Linux
import SystemPackage

/// TCP ports of the host that no process listens on.
enum FreePort {
    /// Returns a port below the range of ephemeral ports, so that no client gets it.
    static func any() throws -> Int {
        let taken = try taken()
        while true {
            let port = Int.random(in: 20_000..<32_000)
            if !taken.contains(port) { return port }
        }
    }

    /// The local ports in /proc/net/tcp and tcp6. Source: proc_net(5).
    private static func taken() throws -> Set<Int> {
        var ports: Set<Int> = []
        for table in ["tcp", "tcp6"] {
            let text = try FileSystem.readText(FilePath("/proc/net/\(table)"))
            for line in text.split(separator: "\n").dropFirst() {
                let address = line.split(separator: " ").dropFirst().first ?? ""
                if let port = Int(address.split(separator: ":").last ?? "", radix: 16) {
                    ports.insert(port)
                }
            }
        }
        return ports
    }
}
