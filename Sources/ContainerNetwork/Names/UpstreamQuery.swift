import DNS
import Linux

/// A forwarded question, sent to the upstream servers in turn until one answers.
final class UpstreamQuery {
    /// How long to wait for a server before asking the next one. Clients wait five seconds.
    private static let patience = Duration.seconds(2)

    private let query: NameQuery
    private let message: Message
    private let loop: EventLoop
    private var servers: ArraySlice<UpstreamServer>
    private var attempt: UpstreamAttempt?
    private var timer: EventLoop.Timer?
    private var lastRefusal: [UInt8]?
    private var completion: NameReply?

    /// `message` is the decoded `query`.
    init(_ query: NameQuery, _ message: Message, servers: [UpstreamServer], loop: EventLoop) {
        self.query = query
        self.message = message
        self.loop = loop
        self.servers = servers.prefix(3)
    }

    /// Calls `completion` once, with the response or with a server failure.
    func start(_ completion: @escaping NameReply) {
        self.completion = completion
        askNext()
    }

    /// Stops waiting, without a call of the completion.
    func cancel() {
        completion = nil
        stopAttempt()
    }

    private func askNext() {
        stopAttempt()
        guard let server = servers.popFirst() else {
            return finish(lastRefusal ?? Message(answering: message, .serverFailure).encoded())
        }
        timer = loop.after(Self.patience) { [weak self] in self?.askNext() }
        // An unpredictable id from an unpredictable port: RFC 5452.
        let id = UInt16.random(in: 0...(.max))
        let question = Message.encoded(query.bytes, withID: id)
        do {
            attempt = try UpstreamAttempt(
                question,
                to: server,
                overStream: query.overStream,
                loop: loop
            ) { [weak self] response in
                self?.receive(response, id)
            }
        } catch {
            askNext()
        }
    }

    /// Handles a response, or nil when none will come.
    private func receive(_ response: [UInt8]?, _ id: UInt16) {
        guard let response else { return askNext() }
        guard let answer = try? Message(decoding: response), answer.isResponse,
            answer.id == id, answer.questions == message.questions || answer.questions.isEmpty
        else {
            // Forged, or late for another question: keep waiting.
            return
        }
        let reply = Message.encoded(response, withID: message.id)
        switch answer.responseCode {
        case .success, .noSuchName: finish(reply)
        default:
            lastRefusal = reply
            askNext()
        }
    }

    private func finish(_ response: [UInt8]) {
        stopAttempt()
        let completion = completion
        self.completion = nil
        completion?(response)
    }

    private func stopAttempt() {
        attempt?.stop()
        attempt = nil
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
