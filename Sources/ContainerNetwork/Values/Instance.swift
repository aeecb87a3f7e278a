import SystemPackage

/// The names of what one store makes in the kernel, so that two stores never meet.
struct Instance: Sendable, Equatable {
    /// The name of the packet filter's table, and the first word of interfaces' notes.
    let name: String

    init(name: String) { self.name = name }

    /// The store of the machine has the plain name; any other adds a mark of its directory.
    init(directory: FilePath) {
        let isUsual = directory == "/var/lib/swiftcompose/networks"
        name = isUsual ? "swiftcompose" : "swiftcompose_\(hexadecimal(directory.string, 8))"
    }

    /// Interface names have at most fifteen characters.
    func bridge(network: String) -> String { "sc-\(hexadecimal("\(name)/\(network)", 10))" }

    func hostInterface(networkID: String, containerID: String) -> String {
        "sv-\(hexadecimal("\(name)/\(networkID)/\(containerID)", 10))"
    }

    /// The note on an interface of ours, which tells the reader of `ip link` what it is for.
    func alias(_ owner: String) -> String { "\(name) \(owner)" }

    func isOwner(ofAlias alias: String?) -> Bool { alias?.hasPrefix("\(name) ") == true }
}

/// The first `digits` hexadecimal digits of the FNV-1a hash of `text`: short and always the same,
/// which is all that a name needs.
func hexadecimal(_ text: String, _ digits: Int) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // The low bits of short texts differ least in the high half; fold them together.
    hash ^= hash >> 29
    hash = hash &* 0xbf58_476d_1ce4_e5b9
    hash ^= hash >> 32
    let text = String(hash, radix: 16)
    return String((String(repeating: "0", count: 16 - text.count) + text).prefix(digits))
}
