import Linux
import OCI
public import SystemPackage

/// Images on disk: an OCI image layout, and the snapshots unpacked from its layers.
///
/// Below its root lie `images`, which other tools read as it is, and `snapshots`, one directory for
/// each stack of layers. Content is verified by digest on its way in, and appears under its name
/// only when it is whole and on disk, so that a crash at any moment leaves a valid store. Processes
/// exclude each other by two locks: one for the index, held for an instant, and one that many
/// share while they hold content that nothing refers to yet; garbage is collected only when nobody
/// holds any.
///
/// Every call may block on disk and locks.
/// Source: OCI Image Specification, image-layout.md.
public struct ImageStore: Sendable {
    public let root: FilePath

    /// Opens the store at `root`, makes it when missing, and removes what a crash left behind.
    public init(root: FilePath) throws(ImageStoreError) {
        self.root = root
        for directory in [blobs, imagesScratch, snapshotsScratch] {
            try wrapping(system: { () throws(SystemCallError) in
                try FileSystem.makeDirectories(directory, mode: 0o700)
            })
        }
        try makeLayout()
        try cleanScratch()
    }

    /// The OCI image layout.
    public var layout: FilePath { root.appending("images") }
    /// One directory per chain id, each with the layer's tree in `fs`.
    public var snapshots: FilePath { root.appending("snapshots") }

    var blobs: FilePath { layout.appending("blobs").appending("sha256") }
    var index: FilePath { layout.appending("index.json") }
    var imagesScratch: FilePath { layout.appending("tmp") }
    var snapshotsScratch: FilePath { snapshots.appending("tmp") }
    private var indexLock: FilePath { layout.appending("index.lock") }
    private var contentLock: FilePath { layout.appending("content.lock") }

    /// A new name in a scratch directory.
    func scratchName(in directory: FilePath) -> FilePath {
        directory.appending(String(UInt64.random(in: .min ... .max), radix: 36))
    }

    private func makeLayout() throws(ImageStoreError) {
        let marker = layout.appending("oci-layout")
        if FileSystem.exists(marker), FileSystem.exists(index) { return }
        try withIndexLocked { () throws(ImageStoreError) in
            if !FileSystem.exists(index) { try write(ImageIndex()) }
            try wrapping(system: { () throws(SystemCallError) in
                try AtomicFile.write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: marker)
            })
        }
    }
}

extension ImageStore {
    /// Keeps content that nothing refers to from being collected, for as long as it lives.
    public struct Hold: ~Copyable, Sendable {
        private let lock: SharedFileLock

        fileprivate init(_ lock: consuming SharedFileLock) { self.lock = lock }
    }

    /// Taken before content is put in, or found, that a tag will refer to only later: by a build,
    /// around all of it. Waits while garbage is being collected.
    public func hold() throws(ImageStoreError) -> Hold {
        let path = contentLock
        return Hold(
            try wrapping(system: { () throws(SystemCallError) in
                try SharedFileLock(waitingFor: path)
            })
        )
    }

    /// Runs `body` while nobody holds content; nil, without running it, while somebody does.
    func whileNobodyHolds<Result>(
        _ body: () throws(ImageStoreError) -> Result
    ) throws(ImageStoreError) -> Result? {
        let path = contentLock
        let lock = try wrapping(system: { () throws(SystemCallError) in
            try FileLock.tryTaking(path)
        })
        guard lock != nil else { return nil }
        let result = try body()
        _ = consume lock
        return result
    }

    /// Runs `body` while no other process changes the index.
    func withIndexLocked<Result>(
        _ body: () throws(ImageStoreError) -> Result
    ) throws(ImageStoreError) -> Result {
        let path = indexLock
        let lock = try wrapping(system: { () throws(SystemCallError) in
            try FileLock(waitingFor: path)
        })
        let result = try body()
        _ = consume lock
        return result
    }

    /// Removes what processes that died have left, unless a living one may still need it.
    private func cleanScratch() throws(ImageStoreError) {
        let scratch = [imagesScratch, snapshotsScratch]
        func leftovers() throws(SystemCallError) -> [FilePath] {
            var paths: [FilePath] = []
            for directory in scratch {
                paths += try FileSystem.entries(of: directory).map { directory.appending($0) }
            }
            return paths
        }
        let found = try wrapping(system: leftovers)
        guard !found.isEmpty else { return }
        _ = try whileNobodyHolds { () throws(ImageStoreError) in
            for path in try wrapping(system: leftovers) {
                try wrapping(system: { () throws(SystemCallError) in
                    try FileSystem.removeTree(path)
                })
            }
        }
    }
}
