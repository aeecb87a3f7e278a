import CLinux

/// A netlink request: header, fixed part and attributes.
///
/// Source: netlink(7), rtnetlink(7).
struct NetlinkMessage {
    /// Everything after the 16-byte header.
    private(set) var body: [UInt8]
    let type: UInt16
    let flags: UInt16

    init(_ type: UInt16, flags: Int32 = 0, fixed: [UInt8]) {
        self.type = type
        self.flags = UInt16(NLM_F_REQUEST | flags)
        body = fixed
    }

    /// Appends an attribute, padded to four bytes.
    mutating func attribute(_ type: some BinaryInteger, _ value: [UInt8]) {
        body += UInt16(value.count + 4).nativeBytes + UInt16(type).nativeBytes + value
        pad()
    }

    mutating func attribute(_ type: some BinaryInteger, _ value: UInt32) {
        attribute(type, value.nativeBytes)
    }

    /// Appends a null-terminated string.
    mutating func attribute(_ type: some BinaryInteger, _ value: String) {
        attribute(type, Array(value.utf8) + [0])
    }

    /// Appends an attribute whose value consists of the attributes that `content` appends.
    mutating func nest(_ type: some BinaryInteger, _ content: (inout NetlinkMessage) -> Void) {
        let start = body.count
        body += [0, 0] + UInt16(type).nativeBytes
        content(&self)
        body.replaceSubrange(start..<start + 2, with: UInt16(body.count - start).nativeBytes)
    }

    mutating func raw(_ bytes: [UInt8]) {
        body += bytes
        pad()
    }

    /// The encoded message.
    func encoded(sequence: UInt32, acknowledged: Bool) -> [UInt8] {
        let flags = acknowledged ? self.flags | UInt16(NLM_F_ACK) : self.flags
        let header =
            UInt32(body.count + 16).nativeBytes + type.nativeBytes + flags.nativeBytes
            + sequence.nativeBytes + UInt32(0).nativeBytes
        return header + body
    }

    private mutating func pad() {
        body += Array(repeating: 0, count: (4 - body.count % 4) % 4)
    }
}

/// The attributes of a reply, by type.
struct NetlinkAttributes {
    private var values: [UInt16: ArraySlice<UInt8>] = [:]

    init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let length = UInt16(native: rest), let type = UInt16(native: rest.dropFirst(2)),
            length >= 4, Int(length) <= rest.count
        {
            values[type & 0x3fff] = rest.prefix(Int(length)).dropFirst(4)
            rest = rest.dropFirst((Int(length) + 3) / 4 * 4)
        }
    }

    subscript(_ type: some BinaryInteger) -> ArraySlice<UInt8>? { values[UInt16(type)] }

    func number(_ type: some BinaryInteger) -> UInt32? {
        self[type].flatMap { UInt32(native: $0) }
    }

    func text(_ type: some BinaryInteger) -> String? {
        self[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    func nested(_ type: some BinaryInteger) -> NetlinkAttributes? {
        self[type].map { NetlinkAttributes($0) }
    }
}
