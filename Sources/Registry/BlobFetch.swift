import AsyncHTTPClient
import ImageStore
import NIOCore
import NIOHTTP1
import OCI

/// Downloads a blob to the store, resuming after a broken connection.
struct BlobFetch: Sendable {
    let session: Session
    let url: String
    let descriptor: ContentDescriptor
    let store: ImageStore
    let progress: @Sendable (TransferEvent) -> Void

    /// The size of a write in bytes, and of a step of progress.
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
                // Failures are not limited while there is progress.
                failures = writer.size > before ? 1 : failures + 1
                guard error.isTransient, failures < Session.attempts else { throw error }
                try await session.pause(afterFailures: failures)
            }
        }
        let (finished, type) = (writer, descriptor.mediaType)
        _ = try await RegistryError.during(session.subject) { () throws(ImageStoreError) in
            try finished.finish(mediaType: type)
        }
    }

    private func makeWriter() async throws(RegistryError) -> BlobWriter {
        let (store, descriptor) = (store, descriptor)
        return try await RegistryError.during(session.subject) { () throws(ImageStoreError) in
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
                throw RegistryError(.hostile("a range that was not requested"), in: session.subject)
            }
        } else if writer.size > 0 {
            // This registry does not support ranges.
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
            // The bytes received are valid; the next attempt resumes after them.
            try await write(piece, to: writer)
            throw RegistryError(transport: error, in: session.subject)
        }
        try await write(piece, to: writer)
        guard writer.size >= descriptor.size else {
            throw RegistryError(.unreachable("the connection closed early"), in: session.subject)
        }
    }

    private func write(_ piece: [UInt8], to writer: BlobWriter) async throws(RegistryError) {
        guard !piece.isEmpty else { return }
        try await RegistryError.during(session.subject) { () throws(ImageStoreError) in
            try writer.write(piece)
        }
        progress(.layer(descriptor.digest, .moving(writer.size, of: descriptor.size)))
    }
}
