import SystemPackage

/// The names of the kernel objects of one store, distinct from those of every other store.
struct Instance: Sendable, Equatable {
    /// The name of the packet filter's table, and the first word of interfaces' aliases.
    let name: String

    init(name: String) { self.name = name }

    /// The machine's own store has the plain name; any other name ends in a hash of its directory.
    init(directory: FilePath) {
        let isDefault = directory == "/var/lib/swiftcompose/networks"
        name = isDefault ? "swiftcompose" : "swiftcompose_\(shortHash(directory.string, 8))"
    }

    /// Interface names have at most fifteen characters.
    func bridge(network: String) -> String { "sc-\(shortHash("\(name)/\(network)", 10))" }

    func hostInterface(networkID: String, containerID: String) -> String {
        "sv-\(shortHash("\(name)/\(networkID)/\(containerID)", 10))"
    }

    /// The alias of an interface of ours: `ip link` shows its purpose.
    func alias(_ owner: String) -> String { "\(name) \(owner)" }

    func isOwner(ofAlias alias: String?) -> Bool { alias?.hasPrefix("\(name) ") == true }
}

/// The first `digits` hexadecimal digits, at most 16, of a hash of `text` (FNV-1a with a
/// finaliser); stable across processes and versions, since names in the kernel depend on it.
func shortHash(_ text: String, _ digits: Int) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // The high bits of the hashes of short texts differ least; mix in the low ones.
    hash ^= hash >> 29
    hash = hash &* 0xbf58_476d_1ce4_e5b9
    hash ^= hash >> 32
    let text = String(hash, radix: 16)
    return String((String(repeating: "0", count: 16 - text.count) + text).prefix(digits))
}
