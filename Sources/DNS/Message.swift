/// A DNS message: a query or the response to one. Source: RFC 1035, section 4.
public struct Message: Equatable, Sendable {
    /// The result of a query. Source: RFC 1035, section 4.1.1.
    public struct ResponseCode: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue & 0xf }

        public static let success = ResponseCode(rawValue: 0)
        public static let formatError = ResponseCode(rawValue: 1)
        public static let serverFailure = ResponseCode(rawValue: 2)
        public static let noSuchName = ResponseCode(rawValue: 3)
        public static let notImplemented = ResponseCode(rawValue: 4)
        public static let refused = ResponseCode(rawValue: 5)
    }

    /// The extension mechanisms for DNS (EDNS). Source: RFC 6891.
    public struct Extension: Hashable, Sendable {
        /// The largest datagram that the sender accepts, in bytes.
        public var payloadSize: UInt16
        public var version: UInt8
        /// Whether the sender asks for DNSSEC records.
        public var wantsSecurity: Bool

        public init(payloadSize: UInt16, version: UInt8 = 0, wantsSecurity: Bool = false) {
            self.payloadSize = payloadSize
            self.version = version
            self.wantsSecurity = wantsSecurity
        }
    }

    public var id: UInt16
    public var isResponse: Bool
    /// 0 for an ordinary query.
    public var operation: UInt8
    public var isAuthoritative: Bool
    /// Whether records were omitted because the message would exceed the size limit.
    public var isTruncated: Bool
    public var recursionDesired: Bool
    public var recursionAvailable: Bool
    public var responseCode: ResponseCode
    public var questions: [Question]
    public var answers: [ResourceRecord]
    public var authorities: [ResourceRecord]
    public var additionals: [ResourceRecord]
    public var edns: Extension?

    /// A recursive query with one question.
    public init(id: UInt16, question: Question, edns: Extension? = nil) {
        self.init(id: id, questions: [question], edns: edns)
        recursionDesired = true
    }

    /// A response to `query` without records.
    public init(answering query: Message, _ code: ResponseCode = .success) {
        self.init(id: query.id, questions: query.questions, edns: nil)
        isResponse = true
        operation = query.operation
        recursionDesired = query.recursionDesired
        recursionAvailable = true
        responseCode = code
        if query.edns != nil { edns = Extension(payloadSize: 4096) }
    }

    init(id: UInt16, questions: [Question], edns: Extension?) {
        self.id = id
        isResponse = false
        operation = 0
        isAuthoritative = false
        isTruncated = false
        recursionDesired = false
        recursionAvailable = false
        responseCode = .success
        self.questions = questions
        answers = []
        authorities = []
        additionals = []
        self.edns = edns
    }

    /// The largest datagram, in bytes, that the sender of this query accepts.
    public var datagramLimit: Int { max(512, Int(edns?.payloadSize ?? 512)) }
}
