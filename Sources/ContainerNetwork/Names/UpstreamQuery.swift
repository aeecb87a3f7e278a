import Addresses
import DNS
import Linux

/// One question on its way through the upstream servers, one after the other until one answers.
final class UpstreamQuery {
    /// How long a server may take before the next one is asked. Clients wait five seconds.
    private static let patience = Duration.seconds(2)

    private let bytes: [UInt8]
    private let query: Message
    private let overStream: Bool
    private let loop: EventLoop
    private var servers: ArraySlice<IPAddress>
    private var attempt: UpstreamAttempt?
    private var timer: EventLoop.Timer?
    private var lastRefusal: [UInt8]?
    private var completion: (([UInt8]) -> Void)?

    init(
        _ bytes: [UInt8],
        _ query: Message,
        servers: [IPAddress],
        overStream: Bool,
        loop: EventLoop
    ) {
        self.bytes = bytes
        self.query = query
        self.servers = servers.prefix(3)
        self.overStream = overStream
        self.loop = loop
    }

    /// Calls `completion` once, with an answer or with the news that nobody had one.
    func start(_ completion: @escaping ([UInt8]) -> Void) {
        self.completion = completion
        askNext()
    }

    private func askNext() {
        attempt?.stop()
        attempt = nil
        if let timer { loop.cancel(timer) }
        guard let server = servers.popFirst() else {
            return finish(lastRefusal ?? Message(answering: query, .serverFailure).encoded())
        }
        timer = loop.after(Self.patience) { [weak self] in self?.askNext() }
        // An id that cannot be guessed, from a port that cannot be guessed: RFC 5452.
        let id = UInt16.random(in: 0...(.max))
        var question = bytes
        question.replaceSubrange(0..<2, with: [UInt8(id >> 8), UInt8(id & 0xff)])
        let peer = SocketAddress(address: server.bytes, port: 53)
        do {
            attempt = try UpstreamAttempt(question, to: peer, overStream: overStream, loop: loop) {
                [weak self] response in
                self?.receive(response, id)
            }
        } catch {
            askNext()
        }
    }

    /// Takes a response, or nil when there will be none.
    private func receive(_ response: [UInt8]?, _ id: UInt16) {
        guard let response else { return askNext() }
        guard let message = try? Message(decoding: response), message.isResponse,
            message.id == id, message.questions == query.questions || message.questions.isEmpty
        else {
            // Not an answer to this question: a forgery or a latecomer. Go on waiting.
            return
        }
        var answer = response
        answer.replaceSubrange(0..<2, with: [UInt8(query.id >> 8), UInt8(query.id & 0xff)])
        switch message.responseCode {
        case .success, .noSuchName: finish(answer)
        default:
            lastRefusal = answer
            askNext()
        }
    }

    private func finish(_ response: [UInt8]) {
        attempt?.stop()
        attempt = nil
        if let timer { loop.cancel(timer) }
        let completion = completion
        self.completion = nil
        completion?(response)
    }
}
