import Linux
import NIOCore
import NIOHTTP1

/// One connection of a client: reads requests one after the other and serves them.
struct EngineConnection: Sendable {
    /// How long a client may take to send the head of a request that it has begun.
    private static let headPatience = Duration.seconds(10)
    /// The most bytes of an unread body that are skipped to keep a connection.
    private static let skipLimit = 1_048_576

    let channel: any Channel
    let input: ConnectionInput
    let engine: Engine
    let router: Router
    let settings: EngineSettings
    /// The client; nil if the kernel does not report it.
    let peer: PeerCredentials?
    let changes: ChangeLog

    /// Serves requests until the client or an error ends the connection.
    func serve() async {
        while let head = await nextHead() {
            let response = Response(channel, to: head)
            let body = RequestBody(input, of: head)
            await answer(head, body, response)
            guard response.state != .hijacked, head.keepsAlive,
                response.state == .complete || head.minorVersion > 0,
                await body.skip(upTo: Self.skipLimit)
            else { break }
        }
        // The client may have closed it already.
        try? await channel.close()
    }

    private func answer(_ head: RequestHead, _ body: RequestBody, _ response: Response) async {
        var isChange = false
        do {
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                try await channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
                    .get()
            }
            let match = try router.match(head)
            isChange = match.route.isChange
            try refuse(match.route)
            let request = Request(
                head: head,
                query: Query(parsing: head.query),
                body: body,
                input: input,
                version: match.version,
                parameters: match.parameters
            )
            try await match.route.operation(engine, request, response)
        } catch {
            await report(EngineError(error), response)
        }
        if isChange { changes.append(head, from: peer, status: response.status) }
    }

    /// Throws if this socket does not permit an operation.
    private func refuse(_ route: Route) throws(EngineError) {
        guard route.isChange else { return }
        if settings.isReadOnly { throw EngineError(403, "this socket is read-only") }
        if let project = settings.project, route.changesImages {
            throw EngineError(403, "this socket serves project '\(project)' and no images")
        }
    }

    private func report(_ error: EngineError, _ response: Response) async {
        // A client that is gone needs no answer, and one that has received a part of the response
        // learns from the end of the connection that the rest is missing.
        guard response.state == .notBegun else {
            try? await channel.close()
            return
        }
        if error.status == 304 {
            try? await response.send(status: 304)
        } else {
            try? await response.send(["message": .string(error.message)], status: error.status)
        }
    }

    /// The head of the next request; nil at the end of the connection.
    private func nextHead() async -> RequestHead? {
        guard let first = await input.next() else { return nil }
        return await withTaskGroup(of: RequestHead?.self) { group in
            group.addTask { await readHead(after: first) }
            group.addTask {
                // Cancelled once the head has arrived.
                try? await Task.sleep(for: Self.headPatience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func readHead(after first: ByteBuffer) async -> RequestHead? {
        var bytes = first
        while true {
            let view = bytes.readableBytesView
            if let end = Self.end(of: Array(view)) {
                let head = bytes.readSlice(length: end.head)
                bytes.moveReaderIndex(forwardBy: end.gap)
                input.putBack(bytes)
                do {
                    return try RequestHead(parsing: head?.readableBytesView ?? ByteBufferView())
                } catch {
                    await refuse("400 Bad Request")
                    return nil
                }
            }
            guard bytes.readableBytes < RequestHead.sizeLimit else {
                await refuse("431 Request Header Fields Too Large")
                return nil
            }
            guard var more = await input.next() else { return nil }
            bytes.writeBuffer(&more)
        }
    }

    private func refuse(_ status: String) async {
        let text = "HTTP/1.1 \(status)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        // The connection ends in any case.
        try? await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// The length of the head, and of the empty line after it.
    private static func end(of bytes: [UInt8]) -> (head: Int, gap: Int)? {
        var start = 0
        while let newline = ByteSearch.first(UInt8(ascii: "\n"), in: bytes, start, bytes.count) {
            let next = newline + 1
            if next < bytes.count, bytes[next] == UInt8(ascii: "\n") { return (newline, 2) }
            if next + 1 < bytes.count, bytes[next] == UInt8(ascii: "\r"),
                bytes[next + 1] == UInt8(ascii: "\n")
            {
                let isCR = newline > 0 && bytes[newline - 1] == UInt8(ascii: "\r")
                return (isCR ? newline - 1 : newline, isCR ? 4 : 3)
            }
            start = next
        }
        return nil
    }
}
