public import Linux
import OCI
public import SystemPackage

/// Images on disk: an OCI image layout and the snapshots unpacked from its layers.
///
/// Its root contains `images`, an OCI layout that other tools can read, and `snapshots`, with one
/// directory per stack of layers. Content is verified by digest when added, and gets its name only
/// when it is complete and on disk, so that a crash at any moment leaves a valid store. Processes
/// synchronize by two locks: one for the index, held briefly, and a shared one held while content
/// is not yet referenced; garbage is collected only while that one is free.
///
/// Every call may block on disk and locks.
/// Source: OCI Image Specification, image-layout.md.
public struct ImageStore: Sendable {
    public let root: FilePath
    /// Called when damage was repaired or worked around.
    let onDamage: @Sendable (StoreDamage) -> Void

    /// Opens the store at `root`, creating it if missing, and removes leftovers of crashed
    /// processes.
    public init(
        root: FilePath,
        onDamage: @escaping @Sendable (StoreDamage) -> Void = { _ in }
    ) throws(ImageStoreError) {
        self.root = root
        self.onDamage = onDamage
        for directory in [blobs, imagesScratch, snapshotsScratch] {
            try during(system: FileSystem.makeDirectories(directory, mode: 0o700))
        }
        try makeLayout()
        try cleanScratch()
    }

    /// The OCI image layout.
    public var layout: FilePath { root.appending("images") }
    /// One directory per chain ID, each with the layer's tree in `fs`.
    public var snapshots: FilePath { root.appending("snapshots") }

    var blobs: FilePath { layout.appending("blobs").appending("sha256") }
    var index: FilePath { layout.appending("index.json") }
    var imagesScratch: FilePath { layout.appending("tmp") }
    var snapshotsScratch: FilePath { snapshots.appending("tmp") }
    private var indexLock: FilePath { layout.appending("index.lock") }
    private var contentLock: FilePath { layout.appending("content.lock") }

    /// A new unique name in a scratch directory.
    func scratchName(in directory: FilePath) -> FilePath {
        directory.appending(String(UInt64.random(in: .min ... .max), radix: 36))
    }

    private func makeLayout() throws(ImageStoreError) {
        let marker = layout.appending("oci-layout")
        if FileSystem.exists(marker), FileSystem.exists(index) { return }
        try withIndexLocked { () throws(ImageStoreError) in
            if !FileSystem.exists(index) { _ = try rebuildIndex() }
            try during(
                system: AtomicFile.write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: marker)
            )
        }
    }
}

extension ImageStore {
    /// Protects unreferenced content from garbage collection until it is destroyed.
    public struct Hold: ~Copyable, Sendable {
        private let lock: SharedFileLock

        fileprivate init(_ lock: consuming SharedFileLock) { self.lock = lock }
    }

    /// Takes a hold, which is required from adding or finding content until a tag refers to it; a
    /// build takes one for its whole duration. Waits while garbage is being collected.
    public func hold() throws(ImageStoreError) -> Hold {
        let path = contentLock
        return Hold(
            try during(system: SharedFileLock(waitingFor: path))
        )
    }

    /// Excludes holders of the store; nil while there are any.
    public func exclusiveLock() throws(ImageStoreError) -> FileLock? {
        try during(system: FileLock.tryTaking(contentLock))
    }

    /// Runs `body` while no other process changes the index.
    func withIndexLocked<Result>(
        _ body: () throws(ImageStoreError) -> Result
    ) throws(ImageStoreError) -> Result {
        let path = indexLock
        let lock = try during(system: FileLock(waitingFor: path))
        let result = try body()
        _ = consume lock
        return result
    }

    /// Removes leftovers of crashed processes, unless a running one holds the store.
    private func cleanScratch() throws(ImageStoreError) {
        let scratch = [imagesScratch, snapshotsScratch]
        func leftovers() throws(SystemCallError) -> [FilePath] {
            var paths: [FilePath] = []
            for directory in scratch {
                paths += try FileSystem.entries(of: directory).map { directory.appending($0) }
            }
            return paths
        }
        let found = try during(system: leftovers())
        guard !found.isEmpty else { return }
        guard let lock = try exclusiveLock() else { return }
        try lock.whileHeld { () throws(ImageStoreError) in
            for path in try during(system: leftovers()) {
                try during(system: FileSystem.removeTree(path))
            }
        }
    }
}
