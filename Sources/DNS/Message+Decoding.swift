import Addresses

extension Message {
    /// Decodes an untrusted message in time proportional to its size. Bytes after its end are
    /// ignored.
    public init(decoding bytes: [UInt8]) throws(MessageError) {
        var reader = Reader(bytes: bytes)
        self.init(id: try reader.number(), questions: [], edns: nil)
        let flags = try reader.number()
        isResponse = flags & 0x8000 != 0
        operation = UInt8(flags >> 11 & 0xf)
        isAuthoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        recursionDesired = flags & 0x0100 != 0
        recursionAvailable = flags & 0x0080 != 0
        responseCode = ResponseCode(rawValue: UInt8(flags & 0xf))
        let counts = [
            try reader.number(), try reader.number(), try reader.number(), try reader.number(),
        ]
        for _ in 0..<counts[0] { questions.append(try reader.question()) }
        answers = try reader.records(counts[1], edns: &edns)
        authorities = try reader.records(counts[2], edns: &edns)
        additionals = try reader.records(counts[3], edns: &edns)
    }
}

/// A bounds-checked cursor over a message.
private struct Reader {
    let bytes: [UInt8]
    private(set) var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() throws(MessageError) -> UInt16 {
        try take(2).reduce(0) { $0 << 8 | UInt16($1) }
    }

    mutating func question() throws(MessageError) -> Question {
        let name = try name()
        let type = RecordType(rawValue: try number())
        return Question(name: name, type: type, class: RecordClass(rawValue: try number()))
    }

    /// Reads `count` records; the pseudo-record OPT is stored in `edns` instead.
    mutating func records(
        _ count: UInt16,
        edns: inout Message.Extension?
    ) throws(MessageError) -> [ResourceRecord] {
        var records: [ResourceRecord] = []
        for _ in 0..<count {
            let start = offset
            let name = try name()
            let type = RecordType(rawValue: try number())
            let kind = try number()
            let timeToLive = UInt32(try number()) << 16 | UInt32(try number())
            let length = Int(try number())
            guard type != .opt else {
                _ = try take(length)
                guard edns == nil else { throw fault(.repeatedExtension, at: start) }
                edns = Message.Extension(
                    payloadSize: kind,
                    version: UInt8(truncatingIfNeeded: timeToLive >> 16),
                    wantsSecurity: timeToLive & 0x8000 != 0
                )
                continue
            }
            records.append(
                ResourceRecord(
                    name: name,
                    class: RecordClass(rawValue: kind),
                    timeToLive: timeToLive,
                    data: try data(type, length)
                )
            )
        }
        return records
    }

    private mutating func data(
        _ type: RecordType,
        _ length: Int
    ) throws(MessageError) -> ResourceRecord.Data {
        let start = offset
        let content = try take(length)
        switch type {
        case .a, .aaaa:
            guard let address = IPAddress(bytes: content), address.isIPv4 == (type == .a) else {
                throw fault(.addressOfWrongSize, at: start)
            }
            return .address(address)
        case .cname, .ptr:
            let end = offset
            offset = start
            let target = try name()
            guard offset <= end else { throw fault(.endsEarly, at: end) }
            offset = end
            return type == .cname ? .alias(target) : .pointer(target)
        default: return .opaque(type, Array(content))
        }
    }

    /// Reads a name. Each pointer must refer to an offset before its own, which excludes cycles; the
    /// numbers of labels and of pointers are limited, which bounds the time.
    private mutating func name() throws(MessageError) -> DomainName {
        let start = offset
        var labels: [[UInt8]] = []
        var limit = offset
        var jumps = 0
        var end: Int?
        while true {
            let place = offset
            let length = try take(1)[place]
            switch length >> 6 {
            case 0 where length == 0:
                offset = end ?? offset
                guard let name = DomainName(labels: labels) else {
                    throw fault(.longName, at: start)
                }
                return name
            case 0:
                labels.append(Array(try take(Int(length))))
                if labels.count > 127 { throw fault(.longName, at: start) }
            case 3:
                let target = Int(length & 0x3f) << 8 | Int(try take(1)[place + 1])
                guard target < limit else { throw fault(.forwardPointer, at: place) }
                jumps += 1
                if jumps > 127 { throw fault(.longName, at: start) }
                end = end ?? offset
                limit = target
                offset = target
            default: throw fault(.unknownLabelKind, at: place)
            }
        }
    }

    private mutating func take(_ count: Int) throws(MessageError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw fault(.endsEarly, at: bytes.count) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    private func fault(_ problem: MessageError.Problem, at offset: Int) -> MessageError {
        MessageError(problem: problem, offset: offset)
    }
}
