import FoundationEssentials
import OCI

/// Values as lines of JSON.
enum JSONLine {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        try CanonicalJSON.encode(value) + [UInt8(ascii: "\n")]
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from line: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }
}
