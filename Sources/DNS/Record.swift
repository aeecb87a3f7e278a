public import Addresses

/// The type of data that a record holds or a question asks for. Source: RFC 1035, section 3.2.2.
public struct RecordType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let a = RecordType(rawValue: 1)
    public static let cname = RecordType(rawValue: 5)
    public static let ptr = RecordType(rawValue: 12)
    public static let mx = RecordType(rawValue: 15)
    public static let txt = RecordType(rawValue: 16)
    public static let aaaa = RecordType(rawValue: 28)
    public static let opt = RecordType(rawValue: 41)
    /// All types.
    public static let any = RecordType(rawValue: 255)
}

/// The protocol family of the data; in practice always the internet.
public struct RecordClass: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let internet = RecordClass(rawValue: 1)
    public static let any = RecordClass(rawValue: 255)
}

/// A question: data of one type for one name.
public struct Question: Hashable, Sendable {
    public var name: DomainName
    public var type: RecordType
    public var `class`: RecordClass

    public init(name: DomainName, type: RecordType, class: RecordClass = .internet) {
        self.name = name
        self.type = type
        self.class = `class`
    }
}

/// One piece of data about a name.
public struct ResourceRecord: Hashable, Sendable {
    /// The data, by type.
    public enum Data: Hashable, Sendable {
        case address(IPAddress)
        case alias(DomainName)
        case pointer(DomainName)
        /// Any other type, as received. Names in it may be compressed relative to their message, so
        /// it can be inspected but not copied into another message.
        case opaque(RecordType, [UInt8])
    }

    public var name: DomainName
    public var `class`: RecordClass
    /// How long resolvers may cache it, in seconds.
    public var timeToLive: UInt32
    public var data: Data

    public init(
        name: DomainName,
        class: RecordClass = .internet,
        timeToLive: UInt32,
        data: Data
    ) {
        self.name = name
        self.class = `class`
        self.timeToLive = timeToLive
        self.data = data
    }

    public var type: RecordType {
        switch data {
        case .address(let address): address.isIPv4 ? .a : .aaaa
        case .alias: .cname
        case .pointer: .ptr
        case .opaque(let type, _): type
        }
    }
}
