public import Addresses
import DNS

/// A question about a name or address of our networks.
public enum NameLookup: Hashable, Sendable {
    /// The addresses of a name, in lower case and without a final dot.
    case addresses(of: String)
    /// The name of an address.
    case name(of: IPAddress)
}

/// The answer about a name or address of our networks.
public enum NameAnswer: Equatable, Sendable {
    /// The addresses of a known name, of both families and in any order; may be empty.
    case addresses([IPAddress])
    /// The name of a known address.
    case name(String)
    /// A name of ours without a running container: it does not exist and is not asked upstream.
    case nonexistent
}

/// Decides how to handle a query; has no side effects.
struct NameResolution {
    enum Decision: Equatable {
        case reply([UInt8])
        /// Forward the question to an upstream server.
        case forward(Message)
        /// Not a query: its sender expects no response.
        case ignore
    }

    /// The seconds for which clients may cache an answer. Docker says 600, but a container that is
    /// replaced gets another address, and clients that respect this number, such as Java's and
    /// nginx's, would keep using the old one. A question costs microseconds here.
    static let timeToLive: UInt32 = 1

    /// Rotates the order of several addresses, so that clients spread over them.
    let rotation: Int
    /// Over a connection a response may be of any length.
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
            // A known name without data of the requested type has an empty answer.
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

    /// Replies to a query that cannot be decoded if it has at least a header.
    private func refuseUnreadable(_ bytes: [UInt8]) -> Decision {
        guard bytes.count >= 12, bytes[2] & 0x80 == 0 else { return .ignore }
        var header = Array(bytes.prefix(12))
        header.replaceSubrange(4..<12, with: Array(repeating: 0, count: 8))
        guard let query = try? Message(decoding: header) else { return .ignore }
        return refuse(query, .formatError)
    }
}
