import FoundationEssentials
import Linux
import Notation
public import SystemPackage

/// The networks of the machine, on disk and in the kernel.
///
/// All operations work on the network namespace of the calling thread, usually the host's. Each
/// change holds a lock on the directory, so several processes may change networks concurrently; a
/// call takes milliseconds and may wait for another process that long. A call that fails undoes its
/// earlier steps.
public struct NetworkStore: Sendable {
    /// Holds a file `NAME.json` for each network and a directory `NAME.leases` for its endpoints.
    public let directory: FilePath
    let instance: Instance
    private let decoded = DecodedNetworks()

    /// A store of the networks described in `directory`. `instance` names its table of the
    /// packet filter; the default name is derived from the directory.
    public init(directory: FilePath, instance: String? = nil) {
        self.directory = directory
        self.instance = instance.map { Instance(name: $0) } ?? Instance(directory: directory)
    }

    /// Creates the network; returns the existing one if it has the same specification.
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
                let routes = try NetworkError.during("look for networks", try RouteSocket())
                _ = try ensureUp(existing, routes)
                return existing
            }
            let network = try plan(specification, options)
            try save(network)
            do throws(NetworkError) {
                try bringUp(network, options)
            } catch {
                // The first error is the one to report.
                try? takeDown(network)
                throw error
            }
            return network
        }
    }

    /// Removes the network; returns false if it does not exist.
    @discardableResult
    public func remove(_ name: String) throws(NetworkError) -> Bool {
        try locked { () throws(NetworkError) in
            guard let network = try network(name) else { return false }
            let containers = try liveEndpoints(of: network).map(\.containerID)
            guard containers.isEmpty else { throw .inUse(name, containers: containers) }
            try takeDown(network)
            return true
        }
    }

    /// The network called `name`; nil if it does not exist.
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

    /// All networks.
    public func all() throws(NetworkError) -> [BridgeNetwork] {
        guard FileSystem.exists(directory) else { return [] }
        let files = try NetworkError.during(
            "list networks",
            try FileSystem.entries(of: directory)
        )
        var networks: [BridgeNetwork] = []
        for file in files where file.hasSuffix(".json") && !file.hasPrefix(".") {
            // It may have been removed in between.
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
        let lock = try NetworkError.during("lock the networks") { () throws(SystemCallError) in
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
        try NetworkError.during(
            "save network '\(network.name)'",
            try AtomicFile.write(bytes, to: file(network.name))
        )
    }
}
