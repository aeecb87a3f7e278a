import FoundationEssentials
import Linux
import Notation
public import SystemPackage

/// The networks of the machine: what they are on disk, and what they are in the kernel.
///
/// Everything works on the network namespace of the calling thread, usually the host's. Each
/// change holds a lock on the directory, so several processes may change networks at the same
/// time; a call takes milliseconds and may wait for another process that long. A step that fails
/// takes back what came before it.
public struct NetworkStore: Sendable {
    /// Holds a file `NAME.json` for each network and a directory `NAME.leases` for its endpoints.
    public let directory: FilePath
    let instance: Instance
    private let decoded = DecodedNetworks()

    /// A store of the networks described in `directory`. `instance` names its table of the
    /// packet filter; by default it is a name that no other directory has.
    public init(directory: FilePath, instance: String? = nil) {
        self.directory = directory
        self.instance = instance.map { Instance(name: $0) } ?? Instance(directory: directory)
    }

    /// Makes the network, or gives the existing one when it was asked for in the same words.
    @discardableResult
    public func create(
        _ specification: NetworkSpecification
    ) throws(NetworkError) -> BridgeNetwork {
        try Self.check(name: specification.name)
        let options = try BridgeOptions(specification)
        return try locked { () throws(NetworkError) in
            if let existing = try network(specification.name) {
                guard existing.specification == specification else {
                    throw .exists(specification.name)
                }
                let routes = try doing("look for networks") { () throws(SystemCallError) in
                    try RouteSocket()
                }
                _ = try ensureUp(existing, routes)
                return existing
            }
            let network = try plan(specification, options)
            try save(network)
            do throws(NetworkError) {
                try bringUp(network, options)
            } catch {
                // The first fault is the one to tell.
                try? takeDown(network)
                throw error
            }
            return network
        }
    }

    /// Removes the network; false when there is none of that name.
    @discardableResult
    public func remove(_ name: String) throws(NetworkError) -> Bool {
        try locked { () throws(NetworkError) in
            guard let network = try network(name) else { return false }
            let containers = try liveLeases(of: network).map(\.containerID)
            guard containers.isEmpty else { throw .inUse(name, containers: containers) }
            try takeDown(network)
            return true
        }
    }

    /// The network called `name`; nil when there is none.
    public func network(_ name: String) throws(NetworkError) -> BridgeNetwork? {
        try Self.check(name: name)
        let file = file(name)
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.read(file)
        } catch  where error.reason == .noSuchFileOrDirectory {
            return nil
        } catch {
            throw .refused(doing: "read network '\(name)'", error)
        }
        do {
            return try decoded.network(in: bytes, of: file)
        } catch {
            throw .corrupted(file: file.string, reason: "\(error)")
        }
    }

    /// Every network, by name.
    public func all() throws(NetworkError) -> [BridgeNetwork] {
        guard FileSystem.exists(directory) else { return [] }
        let files = try doing("list networks") { () throws(SystemCallError) in
            try FileSystem.entries(of: directory)
        }
        var networks: [BridgeNetwork] = []
        for file in files where file.hasSuffix(".json") && !file.hasPrefix(".") {
            // One that was removed meanwhile is none.
            if let network = try network(String(file.dropLast(5))) { networks.append(network) }
        }
        return networks
    }

    private static func check(name: String) throws(NetworkError) {
        guard ObjectName.isValid(name) else {
            throw .invalidName(name)
        }
    }
}

extension NetworkStore {
    var firewall: Firewall { Firewall(table: instance.name) }

    func leases(of network: String) -> Leases {
        Leases(directory: directory.appending("\(network).leases"))
    }

    func file(_ name: String) -> FilePath { directory.appending("\(name).json") }

    /// Runs `body` while no other process changes networks.
    func locked<Result>(_ body: () throws(NetworkError) -> Result) throws(NetworkError) -> Result {
        let lock = try doing("lock the networks") { () throws(SystemCallError) in
            try FileSystem.makeDirectories(directory)
            return try FileLock(waitingFor: directory.appending(".lock"))
        }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    private func save(_ network: BridgeNetwork) throws(NetworkError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do {
            bytes = Array(try encoder.encode(network))
        } catch {
            preconditionFailure("a network can always be encoded: \(error)")
        }
        try doing("save network '\(network.name)'") { () throws(SystemCallError) in
            try AtomicFile.write(bytes, to: file(network.name))
        }
    }
}
