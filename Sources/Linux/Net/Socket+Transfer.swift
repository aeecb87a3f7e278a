import CLinux
import Glibc
import SystemPackage

extension Socket {
    /// Receives a datagram, truncated to `size` bytes, and its sender; nil if none is pending.
    public func receiveDatagram(
        _ size: Int
    ) throws(SystemCallError) -> (bytes: [UInt8], sender: SocketAddress)? {
        let number = self.number
        var sender = [UInt8](repeating: 0, count: 28)
        var length = socklen_t(28)
        let bytes = try unsafe Self.read(size) { buffer in
            unsafe sender.withUnsafeMutableBytes { storage in
                let address = unsafe storage.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                return unsafe recvfrom(
                    number,
                    buffer.baseAddress,
                    buffer.count,
                    0,
                    address,
                    &length
                )
            }
        }
        guard let bytes, let sender = SocketAddress(encoded: sender.prefix(Int(length))) else {
            return nil
        }
        return (bytes, sender)
    }

    /// Receives up to `size` bytes; empty at the end of the stream, nil if nothing is pending.
    public func receive(_ size: Int) throws(SystemCallError) -> [UInt8]? {
        let number = self.number
        return try unsafe Self.read(size) { unsafe recv(number, $0.baseAddress, $0.count, 0) }
    }

    /// Sends a datagram to `peer`; returns false if the send buffer is full.
    @discardableResult
    public func send(_ bytes: [UInt8], to peer: SocketAddress) throws(SystemCallError) -> Bool {
        let number = self.number
        let address = peer.encoded
        return try Self.write {
            unsafe bytes.withUnsafeBytes { data in
                unsafe address.withUnsafeBytes { storage in
                    let to = unsafe storage.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                    let length = socklen_t(storage.count)
                    let flags = Int32(MSG_NOSIGNAL)
                    return unsafe sendto(
                        number,
                        data.baseAddress,
                        data.count,
                        flags,
                        to,
                        length
                    )
                }
            }
        } != nil
    }

    /// Sends to the connected peer; returns the number of bytes accepted.
    @discardableResult
    public func send(_ bytes: some Collection<UInt8>) throws(SystemCallError) -> Int {
        let number = self.number
        let data = Array(bytes)
        return try Self.write {
            unsafe data.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
        } ?? 0
    }

    private static func read(
        _ size: Int,
        _ call: (UnsafeMutableRawBufferPointer) -> Int
    ) throws(SystemCallError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: size)
        do {
            let count = try systemCall("recvfrom", "") {
                unsafe bytes.withUnsafeMutableBytes { unsafe call($0) }
            }
            bytes.removeLast(size - count)
            return bytes
        } catch  where error.wouldBlock {
            return nil
        }
    }

    private static func write(_ call: () -> Int) throws(SystemCallError) -> Int? {
        do {
            return try systemCall("sendto", "", call)
        } catch  where error.wouldBlock {
            return nil
        }
    }
}
