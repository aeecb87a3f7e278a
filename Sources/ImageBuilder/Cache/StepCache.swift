import ImageStore
import Linux
import OCI
import SystemPackage

/// The layer that each step made, by the step's key; one small file per key.
struct StepCache: Sendable {
    /// The result of a step.
    enum Record: Sendable, Equatable {
        case layer(ChainID)
        /// The step changed nothing.
        case nothing
    }

    /// A record with its key.
    struct Entry: Sendable, Equatable {
        var key: OCI.Digest
        var record: Record
        /// The time of the last use since the epoch.
        var used: Duration
    }

    let directory: FilePath

    init(directory: FilePath) throws(BuildError) {
        self.directory = directory
        try BuildError.during(FileSystem.makeDirectories(directory, mode: 0o700))
    }

    /// The record of `key`; nil if there is none or it is damaged.
    func record(_ key: OCI.Digest) -> Record? {
        // A record that cannot be read costs one run of the step.
        guard let text = try? FileSystem.readText(path(of: key)) else { return nil }
        if text == Self.nothing { return .nothing }
        // A damaged record also costs only one run of the step.
        guard let digest = try? OCI.Digest(text) else { return nil }
        return .layer(ChainID(named: digest))
    }

    func keep(_ record: Record, for key: OCI.Digest) throws(SystemCallError) {
        let path = path(of: key)
        try FileSystem.makeDirectories(path.removingLastComponent(), mode: 0o700)
        let text =
            switch record {
            case .layer(let chain): "\(chain.digest)"
            case .nothing: Self.nothing
            }
        try AtomicFile.write(Array(text.utf8), to: path)
    }

    /// Records that a build uses the result of `key` now.
    func markUsed(_ key: OCI.Digest) throws(SystemCallError) {
        let path = path(of: key)
        guard let name = path.lastComponent else { return }
        let now = WallClock.now()
        try Descriptor.open(path.removingLastComponent(), .directory).setTime(
            ofEntry: name,
            to: .seconds(now.seconds) + .nanoseconds(Int64(now.nanoseconds))
        )
    }

    /// Removes the record of `key`, if there is one.
    func remove(_ key: OCI.Digest) throws(SystemCallError) {
        do throws(SystemCallError) {
            try FileSystem.removeFile(path(of: key))
        } catch  where error.reason == .noSuchFileOrDirectory {
            return
        }
    }

    /// The lock to hold while the step of `key` runs, in this process or another.
    func lockPath(of key: OCI.Digest) -> FilePath {
        directory.appending("locks").appending(key.hex)
    }

    /// Every layer that a later build may use.
    var stacks: Set<ChainID> {
        var stacks: Set<ChainID> = []
        for entry in entries {
            if case .layer(let chain) = entry.record { stacks.insert(chain) }
        }
        return stacks
    }

    /// All records that can be read, in no order.
    var entries: [Entry] {
        var entries: [Entry] = []
        // A directory that cannot be listed cannot be used by builds either.
        for folder in (try? FileSystem.entries(of: directory)) ?? [] where folder.count == 2 {
            let path = directory.appending(folder)
            for name in (try? FileSystem.entries(of: path)) ?? [] {
                // A name that is not a digest does not belong to a record.
                guard let key = try? OCI.Digest("sha256:" + folder + name),
                    let record = record(key),
                    let status = try? FileSystem.status(of: path.appending(name))
                else { continue }
                entries.append(Entry(key: key, record: record, used: status.modified))
            }
        }
        return entries
    }

    private static let nothing = "nothing"

    private func path(of key: OCI.Digest) -> FilePath {
        directory.appending(String(key.hex.prefix(2))).appending(String(key.hex.dropFirst(2)))
    }
}
