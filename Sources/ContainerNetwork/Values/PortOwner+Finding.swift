import Addresses
import Linux
import SystemPackage

extension PortOwner {
    /// The process that holds the port which `mapping` wants; nil when none can be seen, such as
    /// one in another PID namespace. Source: proc_net(5), proc_pid_fd(5).
    public static func find(_ mapping: PortMapping) -> PortOwner? {
        let inodes = sockets(at: mapping)
        guard !inodes.isEmpty else { return nil }
        // What cannot be read belongs to a process that ended meanwhile or is not ours to see.
        for name in (try? FileSystem.entries(of: "/proc")) ?? [] {
            guard let pid = Int32(name) else { continue }
            let directory = FilePath("/proc/\(pid)/fd")
            for entry in (try? FileSystem.entries(of: directory)) ?? [] {
                let link = try? FileSystem.readSymbolicLink(directory.appending(entry))
                if let link, inodes.contains(link.string) {
                    return PortOwner(pid: pid, command: command(of: pid))
                }
            }
        }
        return nil
    }

    /// The sockets that stand in the way, as links in `/proc/PID/fd` name them.
    private static func sockets(at mapping: PortMapping) -> Set<String> {
        let tables: [String]
        switch mapping.protocol {
        case .tcp: tables = ["tcp", "tcp6"]
        case .udp: tables = ["udp", "udp6"]
        case .sctp: return []
        }
        var inodes: Set<String> = []
        for table in tables {
            // Without IPv6 there is no such table.
            let text = (try? FileSystem.readText(FilePath("/proc/thread-self/net/\(table)"))) ?? ""
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 9, isInTheWay(fields, of: mapping) else { continue }
                inodes.insert("socket:[\(fields[9])]")
            }
        }
        return inodes
    }

    /// Fields: place, local address, peer's address, state, …
    private static func isInTheWay(_ fields: [Substring], of mapping: PortMapping) -> Bool {
        let isListening = fields[3] == "0A"
        guard mapping.protocol == .udp || isListening else { return false }
        let parts = fields[1].split(separator: ":")
        guard parts.count == 2, UInt16(parts[1], radix: 16) == mapping.hostPort else {
            return false
        }
        guard let wanted = mapping.hostIP, !wanted.isUnspecified,
            let held = address(parts[0]), !held.isUnspecified
        else { return true }
        return held == wanted
    }

    /// Addresses stand there as words in the machine's own byte order.
    private static func address(_ text: Substring) -> IPAddress? {
        let digits = Array(text)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        let words = stride(from: 0, to: bytes.count, by: 4).map { bytes[$0...].prefix(4) }
        let isLittleEndian = 1.littleEndian == 1
        return IPAddress(bytes: words.flatMap { isLittleEndian ? Array($0.reversed()) : Array($0) })
    }

    /// The command line, or its beginning; the mere name for one that has hidden it.
    private static func command(of pid: Int32) -> String {
        let line = (try? FileSystem.read(FilePath("/proc/\(pid)/cmdline"))) ?? []
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard words.isEmpty else {
            let text = words.joined(separator: " ")
            return text.count > 80 ? "\(text.prefix(79))…" : text
        }
        let name = (try? FileSystem.readText(FilePath("/proc/\(pid)/comm"))) ?? ""
        return name.isEmpty ? "ended meanwhile" : String(name.prefix { !$0.isNewline })
    }
}
