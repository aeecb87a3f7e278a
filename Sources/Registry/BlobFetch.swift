import AsyncHTTPClient
import ImageStore
import NIOCore
import NIOHTTP1
import OCI

/// Brings one blob into the store, going on where a broken connection stopped.
struct BlobFetch: Sendable {
    let session: Session
    let url: String
    let descriptor: ContentDescriptor
    let store: ImageStore
    let progress: @Sendable (TransferEvent) -> Void

    /// So much is gathered before it is written: one thread's work and one step of progress.
    private static let pieceSize = 1 << 20

    func run() async throws(RegistryError) {
        var writer = try await makeWriter()
        var failures = 0
        while true {
            let before = writer.size
            do throws(RegistryError) {
                try await attempt(&writer)
                break
            } catch {
                // What makes progress may fail as often as it likes.
                failures = writer.size > before ? 1 : failures + 1
                guard error.isTransient, failures < Session.attempts else { throw error }
                try await session.pause(afterFailures: failures)
            }
        }
        let (finished, type) = (writer, descriptor.mediaType)
        _ = try await blocking { () throws(ImageStoreError) in
            try finished.finish(mediaType: type)
        }
    }

    private func makeWriter() async throws(RegistryError) -> BlobWriter {
        let (store, descriptor) = (store, descriptor)
        return try await blocking { () throws(ImageStoreError) in
            try store.makeBlob(expected: descriptor)
        }
    }

    private func attempt(_ writer: inout BlobWriter) async throws(RegistryError) {
        guard writer.size < descriptor.size || descriptor.size == 0 else { return }
        var request = Session.Request(url: url)
        if writer.size > 0 { request.headers.append(("range", "bytes=\(writer.size)-")) }
        let response = try await session.attempt(request)
        try await session.requireSuccess(response, [200, 206])
        if response.status == .partialContent {
            let range = response.headers.first(name: "content-range") ?? ""
            guard writer.size > 0, range.hasPrefix("bytes \(writer.size)-") else {
                throw RegistryError(.hostile("another part than asked for"), in: session.subject)
            }
        } else if writer.size > 0 {
            // This registry cannot go on in the middle.
            writer = try await makeWriter()
        }
        try await receive(response.body, into: writer)
    }

    private func receive(
        _ body: HTTPClientResponse.Body,
        into writer: BlobWriter
    ) async throws(RegistryError) {
        var piece: [UInt8] = []
        do {
            for try await buffer in body {
                piece += buffer.readableBytesView
                if piece.count >= Self.pieceSize {
                    try await write(piece, to: writer)
                    piece = []
                }
            }
        } catch let error as RegistryError {
            throw error
        } catch {
            // What has come is good; the next attempt goes on behind it.
            try await write(piece, to: writer)
            throw RegistryError(transport: error, in: session.subject)
        }
        try await write(piece, to: writer)
        guard writer.size >= descriptor.size else {
            throw RegistryError(.unreachable("the connection ended early"), in: session.subject)
        }
    }

    private func write(_ piece: [UInt8], to writer: BlobWriter) async throws(RegistryError) {
        guard !piece.isEmpty else { return }
        try await blocking { () throws(ImageStoreError) in try writer.write(piece) }
        progress(.layer(descriptor.digest, .moving(writer.size, of: descriptor.size)))
    }

    private func blocking<Result: Sendable>(
        _ body: @escaping @Sendable () throws(ImageStoreError) -> Result
    ) async throws(RegistryError) -> Result {
        try await RegistryError.blocking(body, in: session.subject)
    }
}
