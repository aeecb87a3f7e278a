import Linux
import OCI
import Synchronization
import SystemPackage

/// The digests of files that have not changed since they were read, for one root directory.
///
/// A file counts as unchanged while its inode, size, mtime and ctime are the same. The digest of a
/// file changed less than two seconds before it was read is not kept: a further change could have
/// the same time stamp.
final class DigestCache: Sendable {
    private struct Key: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    private struct Record {
        var size: Int64
        var modified: Duration
        var changed: Duration
        var digest: Digest
        var isUsed: Bool
    }

    private static let header = "swiftcompose-digests 1"
    private static let granularity = Duration.seconds(2)
    private static let limit = 100_000

    private let file: FilePath
    private let now: Duration
    private let records: Mutex<[Key: Record]>
    private let isChanged = Mutex(false)

    /// Reads the digests that an earlier build saved in `file`; a damaged file counts as empty.
    init(file: FilePath, now: Duration) {
        self.file = file
        self.now = now
        // A cache that cannot be read costs only time.
        let text = (try? FileSystem.readText(file)) ?? ""
        records = Mutex(Self.parse(text))
    }

    /// The digest of a regular file's content.
    func digest(of entry: TreeEntry) throws(SystemCallError) -> Digest {
        guard let status = entry.status else { return ContentDigest().digest }
        let key = Key(device: status.device, inode: status.inode)
        let known = records.withLock { records -> Digest? in
            guard let record = records[key], record.size == status.size,
                record.modified == status.modified, record.changed == status.changed
            else { return nil }
            records[key]?.isUsed = true
            return record.digest
        }
        if let known { return known }
        let digest = try ContentDigest.of(try entry.open())
        guard now - max(status.modified, status.changed) > Self.granularity else { return digest }
        let record = Record(
            size: status.size,
            modified: status.modified,
            changed: status.changed,
            digest: digest,
            isUsed: true
        )
        records.withLock { $0[key] = record }
        isChanged.withLock { $0 = true }
        return digest
    }

    /// Saves the records that this build used, and the others while there are at most `limit`.
    func save() throws(SystemCallError) {
        guard isChanged.withLock({ $0 }) else { return }
        var lines = [Self.header]
        let all = records.withLock { $0 }
        let keepsUnused = all.count <= Self.limit
        for (key, record) in all where record.isUsed || keepsUnused {
            // A time beyond the years 1677 to 2262 costs reading the file again.
            guard let modified = record.modified.nanosecondText,
                let changed = record.changed.nanosecondText
            else { continue }
            let fields = [
                "\(key.device)", "\(key.inode)", "\(record.size)", modified, changed,
                record.digest.hex,
            ]
            lines.append(fields.joined(separator: " "))
        }
        try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: file)
    }

    private static func parse(_ text: String) -> [Key: Record] {
        let lines = text.split(separator: "\n")
        guard lines.first == Self.header[...] else { return [:] }
        var records: [Key: Record] = [:]
        for line in lines.dropFirst() {
            let fields = line.split(separator: " ")
            guard fields.count == 6, let device = UInt64(fields[0]), let inode = UInt64(fields[1]),
                let size = Int64(fields[2]), let modified = Int64(fields[3]),
                let changed = Int64(fields[4]),
                // A damaged line is skipped.
                let digest = try? Digest("sha256:" + fields[5])
            else { continue }
            records[Key(device: device, inode: inode)] = Record(
                size: size,
                modified: .nanoseconds(modified),
                changed: .nanoseconds(changed),
                digest: digest,
                isUsed: false
            )
        }
        return records
    }
}

extension Duration {
    /// The nanoseconds as text; nil if they exceed 64 bits.
    fileprivate var nanosecondText: String? {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflows || carry ? nil : String(sum)
    }
}
