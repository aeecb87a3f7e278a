import NIOCore
import Orchestrator

/// The body of a response to be begun once its source has been opened.
///
/// A client may remove a container as soon as it has the headers of its log; the log can be read to
/// its end only if it is open by then.
final class LateBody: Sendable {
    private let opened: EventLoopPromise<Void>
    private let body: EventLoopPromise<ResponseStream>

    init(of response: Response) {
        let loop = response.channel.eventLoop
        opened = loop.makePromise()
        body = loop.makePromise()
    }

    /// Called when the source is open, or has ended; again without effect.
    func sourceOpened() { opened.succeed() }

    /// Sends bytes from a thread that may block, after the headers; false once the client is gone.
    func writeBlocking(_ bytes: [UInt8]) -> Bool {
        opened.succeed()
        guard let body = try? body.futureResult.wait() else { return false }
        return body.writeBlocking(bytes)
    }

    /// Waits until `session` has opened its log, then sends the headers by `begin`.
    func begin(
        reading session: LogSession,
        _ begin: () async throws -> ResponseStream
    ) async throws {
        // Ends with the session, of which a log without lines may be the only sign.
        Task { [opened] in
            await session.ended()
            opened.succeed()
        }
        do {
            try await opened.futureResult.get()
            body.succeed(try await begin())
        } catch {
            body.fail(error)
            session.stop()
            throw error
        }
    }

    /// Ends the body, if it has begun. Called exactly once, last.
    func end() async throws {
        opened.succeed()
        body.fail(ChannelError.ioOnClosedChannel)
        try await body.futureResult.get().end()
    }
}
