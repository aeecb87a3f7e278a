import FoundationEssentials
import Synchronization
import SystemPackage

/// What was read last from each network's file: a supervisor reads the same file again for each
/// container that it connects, and decoding takes ten times as long as reading.
final class DecodedNetworks: Sendable {
    private struct Entry {
        var bytes: [UInt8]
        var network: BridgeNetwork
    }

    private let entries = Mutex<[FilePath: Entry]>([:])

    /// The network that `bytes`, the content of `file`, describe.
    func network(in bytes: [UInt8], of file: FilePath) throws -> BridgeNetwork {
        let known = entries.withLock { $0[file] }
        if let known, known.bytes == bytes { return known.network }
        let network = try JSONDecoder().decode(BridgeNetwork.self, from: Data(bytes))
        entries.withLock { $0[file] = Entry(bytes: bytes, network: network) }
        return network
    }
}
