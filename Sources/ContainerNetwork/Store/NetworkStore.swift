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
            do throws(NetworkError) {
                guard let network = try network(name) else {
                    guard FileSystem.exists(leases(of: name).directory) else { return false }
                    try takeDownUnreadable(name)
                    return true
                }
                let containers = try liveEndpoints(of: network).map(\.containerID)
                guard containers.isEmpty else { throw .inUse(name, containers: containers) }
                try takeDown(network)
            } catch .corrupted {
                try takeDownUnreadable(name)
            }
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

    /// Every network whose description can be read, by name.
    public func all() throws(NetworkError) -> [BridgeNetwork] { try list().readable }

    /// The names of the networks whose descriptions cannot be read, or that have only leases.
    public func unreadable() throws(NetworkError) -> [String] { try list().unreadable }

    private func list() throws(NetworkError) -> (readable: [BridgeNetwork], unreadable: [String]) {
        guard FileSystem.exists(directory) else { return ([], []) }
        let files = try NetworkError.during(
            "list networks",
            try FileSystem.entries(of: directory)
        )
        var (readable, unreadable): ([BridgeNetwork], [String]) = ([], [])
        for file in files where file.hasSuffix(".json") && !file.hasPrefix(".") {
            let name = String(file.dropLast(5))
            do throws(NetworkError) {
                // Nil for a network that has just been removed.
                if let network = try network(name) { readable.append(network) }
            } catch .corrupted {
                unreadable.append(name)
            }
        }
        for file in files where file.hasSuffix(".leases") && !file.hasPrefix(".") {
            let name = String(file.dropLast(7))
            if !files.contains("\(name).json") { unreadable.append(name) }
        }
        return (readable, unreadable)
    }

    private static func check(name: String) throws(NetworkError) {
        guard NetworkName.isValid(name) else {
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
        try NetworkError.during(
            "save network '\(network.name)'",
            try AtomicFile.write(StoredJSON.encode(network), to: file(network.name))
        )
    }
}
