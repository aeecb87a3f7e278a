import NIOCore
import Synchronization

/// The body of a response that is sent piece by piece.
///
/// A write returns once the bytes are with the kernel, so that a slow client slows its source down.
final class ResponseStream: Sendable {
    private let channel: any Channel
    private let isChunked: Bool
    private let isHead: Bool

    init(_ channel: any Channel, isChunked: Bool, isHead: Bool) {
        self.channel = channel
        self.isChunked = isChunked
        self.isHead = isHead
    }

    /// Sends bytes; throws once the client is gone.
    func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty, !isHead else { return }
        try await channel.writeAndFlush(frame(bytes)).get()
    }

    /// Sends bytes from a thread that may block; false once the client is gone.
    func writeBlocking(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty, !isHead else { return true }
        return (try? channel.writeAndFlush(frame(bytes)).wait()) != nil
    }

    /// Sends a JSON document as one line.
    func write(_ document: JSON) async throws {
        try await write(document.bytes + Array("\r\n".utf8))
    }

    /// Ends the body.
    func end() async throws {
        if isChunked, !isHead {
            try await channel.writeAndFlush(ByteBuffer(string: "0\r\n\r\n")).get()
        }
    }

    private func frame(_ bytes: [UInt8]) -> ByteBuffer {
        guard isChunked else { return ByteBuffer(bytes: bytes) }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.count + 16)
        buffer.writeString("\(String(bytes.count, radix: 16))\r\n")
        buffer.writeBytes(bytes)
        buffer.writeString("\r\n")
        return buffer
    }
}

/// The outgoing half of a hijacked connection.
final class RawStream: Sendable {
    private let channel: any Channel

    init(_ channel: any Channel) { self.channel = channel }

    func write(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes).get() }

    /// Ends the connection.
    func close() async throws { try await channel.close() }

    /// Sends bytes from a thread that may block; false once the client is gone.
    func writeBlocking(_ bytes: [UInt8]) -> Bool {
        (try? channel.writeAndFlush(ByteBuffer(bytes: bytes)).wait()) != nil
    }
}
