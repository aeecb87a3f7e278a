import Addresses
import FoundationEssentials
import Linux
import SystemPackage

/// An endpoint as stored on disk, with its published ports.
struct Lease: Codable, Equatable {
    var endpoint: Endpoint
    var ports: [PortMapping]
    /// Whether the container has exited; the lease then lasts as long as its interface.
    var isAbandoned = false

    func ports(besides others: Set<PortMapping>) -> [PortMapping] {
        ports.filter { !others.contains($0) }
    }
}

/// The endpoints of one network: one file each, whose name holds the addresses and the container,
/// so that listing the directory shows which are taken.
///
/// The files are not flushed to disk: no endpoint outlives the running kernel, and a truncated file
/// after a power failure is not a lease. Callers that write hold the store's lock.
struct Leases {
    /// The parts of a file's name.
    struct Entry: Equatable {
        var addresses: [IPAddress]
        var containerID: String
        var isAbandoned: Bool

        /// Addresses, container and, if it is abandoned, the word `ended`.
        var fileName: String {
            (addresses.map(\.description) + [containerID] + (isAbandoned ? ["ended"] : []))
                .joined(separator: ",")
        }
    }

    let directory: FilePath

    func entries() throws(SystemCallError) -> [Entry] {
        do {
            return try FileSystem.entries(of: directory).compactMap { Entry(fileName: $0) }
        } catch  where error.reason == .noSuchFileOrDirectory {
            return []
        }
    }

    /// The lease in `entry`'s file; nil if the file is incomplete or has been removed.
    func lease(_ entry: Entry) throws(SystemCallError) -> Lease? {
        do {
            let bytes = try FileSystem.read(directory.appending(entry.fileName))
            // A truncated file is not a lease, as explained above.
            return try? JSONDecoder().decode(Lease.self, from: Data(bytes))
        } catch  where error.reason == .noSuchFileOrDirectory {
            return nil
        }
    }

    func lease(of endpoint: Endpoint) throws(SystemCallError) -> Lease? {
        let entry = Entry(endpoint, isAbandoned: false)
        if let lease = try lease(entry) { return lease }
        return try lease(Entry(endpoint, isAbandoned: true))
    }

    func write(_ lease: Lease) throws(SystemCallError) {
        try FileSystem.makeDirectories(directory)
        let entry = Entry(lease.endpoint, isAbandoned: lease.isAbandoned)
        let bytes = StoredJSON.encode(lease)
        let temporary = directory.appending(".\(lease.endpoint.hostInterface)")
        let file = try Descriptor.open(temporary, [.writing, .creating, .truncating])
        try file.write(bytes)
        try FileSystem.rename(temporary, to: directory.appending(entry.fileName))
        try remove(Entry(lease.endpoint, isAbandoned: !lease.isAbandoned))
    }

    /// Removes an endpoint's lease, abandoned or not.
    func remove(_ endpoint: Endpoint) throws(SystemCallError) {
        for isAbandoned in [true, false] {
            try remove(Entry(endpoint, isAbandoned: isAbandoned))
        }
    }

    /// Removes a lease if it exists.
    func remove(_ entry: Entry) throws(SystemCallError) {
        try ignoring(
            .noSuchFileOrDirectory,
            try FileSystem.removeFile(directory.appending(entry.fileName))
        )
    }

    func removeAll() throws(SystemCallError) {
        guard FileSystem.exists(directory) else { return }
        try FileSystem.removeTree(directory)
    }
}

extension Leases.Entry {
    init(_ endpoint: Endpoint, isAbandoned: Bool) {
        addresses = endpoint.addresses
        containerID = endpoint.containerID
        self.isAbandoned = isAbandoned
    }

    /// Nil for a file that is not a lease, such as a temporary one.
    init?(fileName: String) {
        guard !fileName.hasPrefix(".") else { return nil }
        var parts = fileName.split(separator: ",")
        isAbandoned = parts.last == "ended"
        if isAbandoned { parts.removeLast() }
        guard let container = parts.popLast() else { return nil }
        containerID = String(container)
        addresses = parts.compactMap { IPAddress($0) }
        guard !addresses.isEmpty, addresses.count == parts.count else { return nil }
    }
}
