import CLinux
import Glibc
public import SystemPackage

/// Stream sockets that are addressed by a path. Source: unix(7).
public enum LocalSocket {
    /// Listens at `path`; throws `EADDRINUSE` if the path exists.
    public static func listen(at path: FilePath) throws(SystemCallError) -> Descriptor {
        let socket = try open(path, streamType, listening: true)
        try socket.setNonBlocking(true)
        return socket
    }

    /// Connects to the listener at `path`; throws `ENOENT` or `ECONNREFUSED` if there is none.
    public static func connect(to path: FilePath) throws(SystemCallError) -> Descriptor {
        try open(path, streamType, listening: false)
    }

    /// Accepts the next pending connection as a nonblocking descriptor; nil when there is none.
    public static func accept(
        on socket: borrowing Descriptor
    ) throws(SystemCallError) -> Descriptor? {
        let number = socket.number
        do {
            return Descriptor(
                owning: try systemCall("accept4", "descriptor \(number)") {
                    clinux_accept_local(number)
                }
            )
        } catch  where error.reason == .wouldBlock || error.reason == .connectionAbort {
            return nil
        }
    }

    /// Writes as much of `bytes[start...]` as fits; returns the count, or nil if the peer has
    /// closed.
    public static func send(
        _ bytes: [UInt8],
        from start: Int = 0,
        to number: Int32
    ) throws(SystemCallError) -> Int? {
        do {
            return try systemCall("send", "descriptor \(number)") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.send(
                        number,
                        buffer.baseAddress?.advanced(by: start),
                        buffer.count - start,
                        Int32(MSG_NOSIGNAL)
                    )
                }
            }
        } catch  where error.reason == .wouldBlock {
            return 0
        } catch  where error.reason == .brokenPipe || error.reason == .connectionReset {
            return nil
        }
    }

    /// Shuts down both directions, which wakes blocked readers; the descriptor stays open.
    public static func shutDown(_ number: Int32) { _ = shutdown(number, Int32(SHUT_RDWR)) }

    private static let streamType = Int32(SOCK_STREAM.rawValue)

    /// Addresses the directory by descriptor, because a socket's name is limited to 107 bytes.
    static func open(
        _ path: FilePath,
        _ type: Int32,
        listening: Bool
    ) throws(SystemCallError) -> Descriptor {
        let directory = try Descriptor.open(path.removingLastComponent(), [.pathOnly, .directory])
        let name = "/proc/self/fd/\(directory.number)/\(path.lastComponent?.string ?? "")"
        let call = listening ? "bind" : "connect"
        return Descriptor(
            owning: try systemCall(call, path.string) {
                unsafe clinux_local_socket(name, type, listening ? 1 : 0)
            }
        )
    }
}
