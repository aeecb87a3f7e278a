import Linux
import NIOCore
import Synchronization

/// The body of a request, read piece by piece.
final class RequestBody: Sendable {
    private enum Framing {
        /// The number of bytes that are still to come.
        case length(Int)
        /// The number of bytes left in the current chunk; nil before the next chunk's size line.
        case chunked(Int?)
        case ended
    }

    private let input: ConnectionInput
    private let framing: Mutex<Framing>

    init(_ input: ConnectionInput, of head: RequestHead) {
        self.input = input
        framing = Mutex(head.bodyLength.map { $0 > 0 ? .length($0) : .ended } ?? .chunked(nil))
    }

    /// Whether there is nothing left to read.
    var hasEnded: Bool {
        framing.withLock { if case .ended = $0 { true } else { false } }
    }

    /// The next bytes; nil at the end. Throws if the client ends the connection before that.
    func next() async throws -> ByteBuffer? {
        switch framing.withLock({ $0 }) {
        case .ended: return nil
        case .length(let left):
            let bytes = try await piece(upTo: left)
            set(left == bytes.readableBytes ? .ended : .length(left - bytes.readableBytes))
            return bytes
        case .chunked(nil):
            let size = try await chunkSize()
            guard size > 0 else {
                try await skipTrailers()
                set(.ended)
                return nil
            }
            set(.chunked(size))
            return try await next()
        case .chunked(let left?):
            let bytes = try await piece(upTo: left)
            set(.chunked(left - bytes.readableBytes))
            if left == bytes.readableBytes {
                guard try await line().isEmpty else { throw HeadError.malformed("chunk") }
                set(.chunked(nil))
            }
            return bytes
        }
    }

    /// The whole body; throws if it is longer than `limit` bytes.
    func read(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            bytes += piece.readableBytesView
            if bytes.count > limit {
                throw EngineError(413, "the request body is longer than \(limit) bytes")
            }
        }
        return bytes
    }

    /// Reads and drops the rest; false if it is longer than `limit` bytes.
    func skip(upTo limit: Int) async -> Bool {
        var count = 0
        do {
            while let piece = try await next() {
                count += piece.readableBytes
                if count > limit { return false }
            }
            return true
        } catch {
            // The connection cannot be used for another request.
            return false
        }
    }

    /// Writes the rest to the descriptor `sink`, which it closes; the reader reports an incomplete
    /// body.
    func feed(_ sink: Int32) async {
        let owner = Shared(Descriptor(owning: sink))
        do {
            while let bytes = try await next() {
                let piece = Array(bytes.readableBytesView)
                try await BackgroundThread.run { try owner.value.write(piece) }
            }
        } catch {
            // The reader has ended with an error, or finds the data incomplete.
        }
    }

    private func set(_ value: Framing) { framing.withLock { $0 = value } }

    private func piece(upTo limit: Int) async throws -> ByteBuffer {
        guard var bytes = await input.next() else { throw EngineError.badRequest("unexpected EOF") }
        guard bytes.readableBytes > limit, let piece = bytes.readSlice(length: limit) else {
            return bytes
        }
        input.putBack(bytes)
        return piece
    }

    private func chunkSize() async throws -> Int {
        let text = try await line().prefix { $0 != ";" && $0 != " " }
        guard !text.isEmpty, text.count < 16, let size = Int(text, radix: 16), size >= 0 else {
            throw HeadError.malformed("chunk size")
        }
        return size
    }

    private func skipTrailers() async throws {
        for _ in 0..<100 {
            if try await line().isEmpty { return }
        }
        throw HeadError.tooLong
    }

    /// A line of at most 4 KiB, without its end.
    private func line() async throws -> String {
        var line: [UInt8] = []
        while line.count < 4096 {
            let bytes = try await piece(upTo: 4096)
            let view = bytes.readableBytesView
            guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else {
                line += view
                continue
            }
            line += view[..<end]
            input.putBack(bytes.getSlice(from: view.index(after: end)))
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            return String(decoding: line, as: UTF8.self)
        }
        throw HeadError.tooLong
    }
}

extension ByteBuffer {
    /// The readable bytes from the absolute index `index` on.
    func getSlice(from index: Int) -> ByteBuffer {
        getSlice(at: index, length: writerIndex - index) ?? ByteBuffer()
    }
}
