public import Linux
public import SystemPackage

/// The listening socket of the API.
public enum EngineSocket {
    /// The first descriptor that systemd passes on. Source: sd_listen_fds(3).
    private static let inheritedDescriptor: Int32 = 3

    /// Takes over the socket of systemd's socket activation, or else creates one at `path`.
    ///
    /// It is open to root and, where there is one, to the group `docker`; that of an ordinary user
    /// to this user alone.
    public static func open(
        _ path: FilePath,
        environment: [String: String]
    ) throws(SystemCallError) -> Descriptor {
        if environment["LISTEN_PID"] == "\(CurrentProcess.pid)", environment["LISTEN_FDS"] == "1" {
            let socket = Descriptor(owning: inheritedDescriptor)
            try socket.setNonBlocking(true)
            return socket
        }
        try FileSystem.makeDirectories(path.removingLastComponent(), mode: 0o755)
        guard UserNamespace.isInitial else { return try create(path, mode: 0o600) }
        let socket = try create(path, mode: 0o660)
        if let group = dockerGroup { try FileSystem.setOwner(of: path, user: 0, group: group) }
        return socket
    }

    /// Creates a socket, replacing that of a process that has ended.
    public static func create(
        _ path: FilePath,
        mode: UInt16
    ) throws(SystemCallError) -> Descriptor {
        if FileSystem.exists(path), !isAlive(path) { remove(path) }
        let socket = try LocalSocket.listen(at: path)
        try FileSystem.setMode(of: path, to: mode)
        return socket
    }

    /// Removes the socket's name.
    public static func remove(_ path: FilePath) {
        // It may have been removed already.
        try? FileSystem.removeFile(path)
    }

    private static func isAlive(_ path: FilePath) -> Bool {
        do throws(SystemCallError) {
            _ = try LocalSocket.connect(to: path)
            return true
        } catch {
            return false
        }
    }

    /// The number of the group `docker`; nil if there is none.
    private static var dockerGroup: UInt32? {
        // Without the file there are no groups.
        let text = (try? FileSystem.readText("/etc/group")) ?? ""
        return text.split(separator: "\n").first { $0.hasPrefix("docker:") }
            .flatMap { line in
                let fields = line.split(separator: ":", omittingEmptySubsequences: false)
                return fields.count > 2 ? UInt32(fields[2]) : nil
            }
    }
}
