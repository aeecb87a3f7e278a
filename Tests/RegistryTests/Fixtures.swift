import Glibc
import ImageStore
import Linux
import NIOCore
import NIOHTTP1
import NIOPosix
import OCI
import Synchronization
import SystemPackage
import Testing

/// Skips tests that unpack layers without root.
let needsRoot: ConditionTrait = .enabled(if: geteuid() == 0, "snapshots need root")

/// An image of one layer with `content` in it.
func makeImage(in store: ImageStore, scratch: FilePath, content: [UInt8]) throws -> Image {
    let upper = scratch.appending("upper-\(UInt64.random(in: .min ... .max))")
    try FileSystem.makeDirectories(upper)
    try AtomicFile.write(content, to: upper.appending("file"))
    let layer = try store.commit(upper: upper, over: nil)
    return try store.makeImage(configuration: ImageConfiguration(), layers: [layer])
}

/// A response of a test registry.
struct Answer: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    /// The number of bytes after which the connection is closed.
    var breaksAfter: Int?
}

/// A received request.
struct Question: Sendable {
    var method: String
    var uri: String
    var headers: [String: String]
}

/// Runs `body` with a server on the loopback interface that responds with `answer`.
func withServer(
    _ answer: @escaping @Sendable (Question) -> Answer,
    _ body: (_ authority: String) async throws -> Void
) async throws {
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                try channel.pipeline.syncOperations.addHandler(AnswerHandler(answer: answer))
            }
        }
        .bind(host: "127.0.0.1", port: 0)
        .get()
    let port = try #require(server.localAddress?.port)
    do {
        try await body("127.0.0.1:\(port)")
    } catch {
        try await server.close()
        throw error
    }
    try await server.close()
}

private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (Question) -> Answer
    private var head: HTTPRequestHead?

    init(answer: @escaping @Sendable (Question) -> Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            var headers: [String: String] = [:]
            for (name, value) in head.headers { headers[name.lowercased()] = value }
            let question = Question(method: head.method.rawValue, uri: head.uri, headers: headers)
            reply(answer(question), context)
        }
    }

    private func reply(_ answer: Answer, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(answer.headers)
        headers.add(name: "content-length", value: "\(answer.body.count)")
        let status = HTTPResponseStatus(statusCode: answer.status)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let bytes = Array(answer.body.prefix(answer.breaksAfter ?? answer.body.count))
        context.writeAndFlush(
            wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))),
            promise: nil
        )
        if answer.breaksAfter != nil {
            context.close(promise: nil)
        } else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

/// A clock without delays.
struct ImpatientClock: Clock {
    typealias Instant = ContinuousClock.Instant
    typealias Duration = Swift.Duration

    var now: Instant { ContinuousClock.now }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
    }
}
