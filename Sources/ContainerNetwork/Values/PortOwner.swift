import Addresses
import Linux
import SystemPackage

/// The process that listens at one of the host's ports.
public struct PortOwner: Equatable, Sendable {
    public var pid: Int32
    /// The command line, at most 80 characters; the process's name if its command line is empty.
    public var command: String

    public init(pid: Int32, command: String) {
        self.pid = pid
        self.command = command
    }

    /// Finds the process that holds the port which `mapping` asks for; nil when none is visible,
    /// for example because it is in another PID namespace. Source: proc_net(5), proc_pid_fd(5).
    public static func find(_ mapping: PortMapping) -> PortOwner? {
        let inodes = sockets(at: mapping)
        guard !inodes.isEmpty else { return nil }
        // Unreadable entries belong to processes that have exited or that we may not inspect.
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

    /// The sockets that conflict with `mapping`, as links in `/proc/PID/fd` name them.
    private static func sockets(at mapping: PortMapping) -> Set<String> {
        let tables: [String]
        switch mapping.protocol {
        case .tcp: tables = ["tcp", "tcp6"]
        case .udp: tables = ["udp", "udp6"]
        case .sctp: return []
        }
        var inodes: Set<String> = []
        for table in tables {
            // The IPv6 tables do not exist on a kernel without IPv6.
            let text = (try? FileSystem.readText(FilePath("/proc/thread-self/net/\(table)"))) ?? ""
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 9, conflicts(fields, with: mapping) else { continue }
                inodes.insert("socket:[\(fields[9])]")
            }
        }
        return inodes
    }

    /// Fields: slot, local address, remote address, state, …
    private static func conflicts(_ fields: [Substring], with mapping: PortMapping) -> Bool {
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

    /// Parses an address, written as 32-bit words in the machine's byte order.
    private static func address(_ text: Substring) -> IPAddress? {
        let digits = Array(text)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        let words = stride(from: 0, to: bytes.count, by: 4).map { bytes[$0...].prefix(4) }
        let isLittleEndian = 1.littleEndian == 1
        return IPAddress(bytes: words.flatMap { isLittleEndian ? Array($0.reversed()) : Array($0) })
    }

    private static func command(of pid: Int32) -> String {
        // The process may exit at any moment; the command is only part of a message.
        let line = (try? FileSystem.read(FilePath("/proc/\(pid)/cmdline"))) ?? []
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard words.isEmpty else {
            let text = words.joined(separator: " ")
            return text.count > 80 ? "\(text.prefix(79))…" : text
        }
        let name = (try? FileSystem.readText(FilePath("/proc/\(pid)/comm"))) ?? ""
        return name.isEmpty ? "exited" : String(name.prefix { !$0.isNewline })
    }
}

extension PortOwner: CustomStringConvertible {
    public var description: String { "process \(pid) (\(command))" }
}
