import FoundationEssentials
import Synchronization
import SystemPackage

/// A cache of decoded network files. A supervisor reads the same file for each container that it
/// connects, and decoding takes ten times as long as reading.
final class DecodedNetworks: Sendable {
    private struct Entry {
        var bytes: [UInt8]
        var network: BridgeNetwork
    }

    private let entries = Mutex<[FilePath: Entry]>([:])

    /// Decodes `bytes`, the content of `file`, unless they have not changed since the last call.
    func network(in bytes: [UInt8], of file: FilePath) throws -> BridgeNetwork {
        let known = entries.withLock { $0[file] }
        if let known, known.bytes == bytes { return known.network }
        let network = try JSONDecoder().decode(BridgeNetwork.self, from: Data(bytes))
        guard !network.pools.isEmpty else {
            throw NetworkError.corrupted(file: file.string, reason: "it has no address pool")
        }
        entries.withLock { $0[file] = Entry(bytes: bytes, network: network) }
        return network
    }
}
