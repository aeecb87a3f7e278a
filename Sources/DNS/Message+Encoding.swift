import Addresses

extension Message {
    /// The message as bytes, with repeated names compressed. A message longer than `limit` bytes is
    /// encoded without its records and marked as truncated.
    public func encoded(limit: Int = 65535) -> [UInt8] {
        let full = encoded(records: true)
        if full.count <= limit { return full }
        var short = self
        short.isTruncated = true
        return short.encoded(records: false)
    }

    /// An encoded message with another id; everything else stays unchanged, including extensions
    /// that this decoder does not understand.
    public static func encoded(_ message: [UInt8], withID id: UInt16) -> [UInt8] {
        precondition(message.count >= 2, "a message begins with its id")
        var message = message
        message[0] = UInt8(id >> 8)
        message[1] = UInt8(truncatingIfNeeded: id)
        return message
    }

    private func encoded(records: Bool) -> [UInt8] {
        var writer = Writer()
        writer.number(id)
        writer.number(flags)
        writer.number(UInt16(questions.count))
        for section in [answers, authorities] {
            writer.number(records ? UInt16(section.count) : 0)
        }
        writer.number(UInt16((records ? additionals.count : 0) + (edns == nil ? 0 : 1)))
        for question in questions {
            writer.name(question.name)
            writer.number(question.type.rawValue)
            writer.number(question.class.rawValue)
        }
        for record in records ? answers + authorities + additionals : [] { writer.record(record) }
        if let edns { writer.edns(edns) }
        return writer.bytes
    }

    private var flags: UInt16 {
        var flags = UInt16(operation & 0xf) << 11 | UInt16(responseCode.rawValue)
        if isResponse { flags |= 0x8000 }
        if isAuthoritative { flags |= 0x0400 }
        if isTruncated { flags |= 0x0200 }
        if recursionDesired { flags |= 0x0100 }
        if recursionAvailable { flags |= 0x0080 }
        return flags
    }
}

/// Writes a message and records the offsets of names for compression.
private struct Writer {
    private(set) var bytes: [UInt8] = []
    private var places: [ArraySlice<[UInt8]>: Int] = [:]

    mutating func number(_ value: UInt16) {
        bytes.append(UInt8(value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    /// Writes labels up to a suffix that was written before, then a pointer to it.
    mutating func name(_ name: DomainName) {
        var rest = name.labels[...]
        while let label = rest.first {
            if let place = places[rest] {
                number(0xc000 | UInt16(place))
                return
            }
            // A pointer has 14 bits.
            if bytes.count < 0x4000 { places[rest] = bytes.count }
            bytes.append(UInt8(label.count))
            bytes += label
            rest = rest.dropFirst()
        }
        bytes.append(0)
    }

    mutating func record(_ record: ResourceRecord) {
        name(record.name)
        number(record.type.rawValue)
        number(record.class.rawValue)
        number(UInt16(record.timeToLive >> 16))
        number(UInt16(truncatingIfNeeded: record.timeToLive))
        let start = bytes.count
        number(0)
        switch record.data {
        case .address(let address): bytes += address.bytes
        case .alias(let target), .pointer(let target): name(target)
        case .opaque(_, let content): bytes += content
        }
        let length = bytes.count - start - 2
        bytes[start] = UInt8(length >> 8)
        bytes[start + 1] = UInt8(truncatingIfNeeded: length)
    }

    mutating func edns(_ edns: Message.Extension) {
        bytes.append(0)
        number(RecordType.opt.rawValue)
        number(edns.payloadSize)
        number(UInt16(edns.version))
        number(edns.wantsSecurity ? 0x8000 : 0)
        number(0)
    }
}
