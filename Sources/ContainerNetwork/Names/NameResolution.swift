public import Addresses
import DNS

/// What a container asks the name server for.
public enum NameLookup: Hashable, Sendable {
    /// The addresses of a name, in lower case and without a final dot.
    case addresses(of: String)
    /// The name of an address.
    case name(of: IPAddress)
}

/// What is known about a name or address of our networks.
public enum NameAnswer: Equatable, Sendable {
    /// The addresses of a known name; of both families, in any order, also none.
    case addresses([IPAddress])
    /// The name of a known address.
    case name(String)
    /// It is ours to know, and there is none: nobody else is asked.
    case nonexistent
}

/// Decides what becomes of a query; touches nothing.
struct NameResolution {
    enum Decision: Equatable {
        case reply([UInt8])
        /// Ask an upstream server.
        case forward(Message)
        /// Not even a query: whoever sent it expects no answer.
        case ignore
    }

    /// A name's addresses are remembered for so many seconds. Docker says 600; but a container
    /// that is replaced gets another address, and clients that believe this number, such as Java's
    /// and nginx's, would go on talking to nobody. A question costs microseconds here.
    static let timeToLive: UInt32 = 5

    /// Turns the order of several addresses, so that clients spread over them.
    let rotation: Int
    /// Over a connection a response may be as long as it likes.
    let overStream: Bool
    let zone: (NameLookup) -> NameAnswer?

    func decide(_ bytes: [UInt8]) -> Decision {
        let query: Message
        do {
            query = try Message(decoding: bytes)
        } catch {
            return refuseUnreadable(bytes)
        }
        guard !query.isResponse else { return .ignore }
        guard query.operation == 0 else { return refuse(query, .notImplemented) }
        guard query.questions.count == 1, let question = query.questions.first else {
            return refuse(query, .formatError)
        }
        guard question.class == .internet || question.class == .any else {
            return refuse(query, .refused)
        }
        let lookup =
            question.type == .ptr
            ? question.name.reverseAddress.map { NameLookup.name(of: $0) }
            : NameLookup.addresses(of: question.name.key)
        guard let lookup, let answer = zone(lookup) else { return .forward(query) }
        let response = response(to: query, question, answer)
        return .reply(response.encoded(limit: overStream ? 65535 : query.datagramLimit))
    }

    private func refuse(_ query: Message, _ code: Message.ResponseCode) -> Decision {
        .reply(Message(answering: query, code).encoded(limit: 512))
    }

    private func response(
        to query: Message,
        _ question: Question,
        _ answer: NameAnswer
    ) -> Message {
        var response = Message(answering: query)
        response.isAuthoritative = true
        switch answer {
        case .addresses(let addresses):
            // A known name without the kind of data that was asked for has an empty answer.
            let wanted = addresses.filter { address in
                question.type == .any || question.type == (address.isIPv4 ? .a : .aaaa)
            }
            response.answers = rotated(wanted).map {
                record(question.name, .address($0))
            }
        case .name(let text):
            if let name = DomainName(text) {
                response.answers = [record(question.name, .pointer(name))]
            }
        case .nonexistent: response.responseCode = .noSuchName
        }
        return response
    }

    private func record(
        _ name: DomainName,
        _ data: ResourceRecord.Data
    ) -> ResourceRecord {
        ResourceRecord(name: name, timeToLive: Self.timeToLive, data: data)
    }

    private func rotated(_ addresses: [IPAddress]) -> [IPAddress] {
        guard addresses.count > 1 else { return addresses }
        let start = rotation % addresses.count
        return Array(addresses[start...] + addresses[..<start])
    }

    /// A query that cannot be read is told so if it has at least an id.
    private func refuseUnreadable(_ bytes: [UInt8]) -> Decision {
        guard bytes.count >= 12, bytes[2] & 0x80 == 0 else { return .ignore }
        var header = Array(bytes.prefix(12))
        header.replaceSubrange(4..<12, with: Array(repeating: 0, count: 8))
        guard let query = try? Message(decoding: header) else { return .ignore }
        return refuse(query, .formatError)
    }
}
