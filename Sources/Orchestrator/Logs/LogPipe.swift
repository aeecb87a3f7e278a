import Linux
import SystemPackage

/// The FIFO of a container's stream and the spool file behind it.
final class LogPipe {
    let fifo: Descriptor
    private let spool: Descriptor
    private(set) var size: Int64

    init(fifo path: FilePath, spool: FilePath) throws(SystemCallError) {
        if !FileSystem.exists(path) { try FileSystem.makeFIFO(path, mode: 0o600) }
        fifo = try Descriptor.open(path, [.readingAndWriting, .nonBlocking])
        self.spool = try Descriptor.open(spool, [.readingAndWriting, .creating], mode: 0o600)
        size = try self.spool.status().size
        // A smaller capacity than requested is not an error.
        try? fifo.setPipeCapacity(262_144)
    }

    /// Moves up to `limit` bytes of the FIFO into the spool; returns false if it is empty.
    func fill(upTo limit: Int) throws(SystemCallError) -> Bool {
        guard let count = try fifo.move(to: spool, at: size, upTo: limit) else { return false }
        size += Int64(count)
        return count > 0
    }

    /// Discards the content of the FIFO and returns the number of bytes.
    func drop(upTo limit: Int) throws(SystemCallError) -> Int {
        do throws(SystemCallError) {
            return try fifo.read(upTo: limit).count
        } catch  where error.reason == .wouldBlock {
            return 0
        }
    }

    /// Moves up to `limit` bytes of a terminal's output into the FIFO; returns false if there is
    /// none or the FIFO is full.
    func take(
        from console: borrowing Descriptor,
        upTo limit: Int
    ) throws(SystemCallError) -> Bool {
        guard let count = try console.move(intoPipe: fifo, upTo: limit) else { return false }
        return count > 0
    }

    /// Reads from `position` to the end and returns the number of bytes.
    func read(
        into buffer: inout [UInt8],
        from position: Int64
    ) throws(SystemCallError) -> Int {
        let length = Int(size - position)
        if buffer.count < length {
            buffer = [UInt8](repeating: 0, count: max(length, 65_536))
        }
        var filled = 0
        while filled < length {
            let count = try spool.read(into: &buffer, from: filled, at: position + Int64(filled))
            if count == 0 { break }
            filled += count
        }
        return min(filled, length)
    }

    func empty(_ position: inout Int64) throws(SystemCallError) {
        try spool.truncate(to: 0)
        size = 0
        position = 0
    }
}

extension SystemCallError {
    /// Whether the disk is full, a quota is exhausted, or writing fails.
    var isForWantOfSpace: Bool { [.noSpace, .diskQuotaExceeded, .ioError].contains(reason) }
}
