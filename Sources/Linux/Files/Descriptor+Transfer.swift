import CLinux
import Glibc
import SystemPackage

/// Reads and writes at chosen places, into buffers that are used again and again.
extension Descriptor {
    /// Fills `buffer` from index `start` on, once, from `offset` in the file; the number of bytes
    /// read, 0 at the end of the file. Source: pread(2).
    public borrowing func read(
        into buffer: inout [UInt8],
        from start: Int = 0,
        at offset: Int64
    ) throws(SystemCallError) -> Int {
        let number = number
        return try systemCall("pread", "descriptor \(number)") {
            unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe pread(
                    number,
                    bytes.baseAddress?.advanced(by: start),
                    bytes.count - start,
                    off_t(offset)
                )
            }
        }
    }

    /// Writes all of `bytes` at `offset`, or at the end where the file is open for appending.
    public borrowing func write(_ bytes: [UInt8], at offset: Int64) throws(SystemCallError) {
        let number = number
        var written = 0
        while written < bytes.count {
            written += try systemCall("pwrite", "descriptor \(number)") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe pwrite(
                        number,
                        buffer.baseAddress?.advanced(by: written),
                        buffer.count - written,
                        off_t(offset) + written
                    )
                }
            }
        }
    }

    /// Cuts the file off, or fills it up with zeros, at `size`. Source: ftruncate(2).
    public borrowing func truncate(to size: Int64) throws(SystemCallError) {
        let number = number
        try systemCall("ftruncate", "descriptor \(number)") { ftruncate(number, off_t(size)) }
    }

    /// Goes on from the beginning of the file. Source: lseek(2).
    public borrowing func rewind() throws(SystemCallError) {
        let number = number
        try systemCall("lseek", "descriptor \(number)") { lseek(number, 0, SEEK_SET) }
    }

    /// Moves what a pipe holds into `file` at `offset`, inside the kernel and in one step: if the
    /// process dies, every byte is in one place or the other.
    ///
    /// Nil when the pipe is empty, 0 when nobody can write to it any more. Source: splice(2).
    public borrowing func move(
        to file: borrowing Descriptor,
        at offset: Int64,
        upTo limit: Int
    ) throws(SystemCallError) -> Int? {
        let (source, target) = (number, file.number)
        var position = offset
        do {
            return try systemCall("splice", "descriptor \(source)") {
                unsafe clinux_splice_to_file(source, target, &position, limit)
            }
        } catch  where error.reason == .wouldBlock {
            return nil
        }
    }

    /// Moves what a terminal shows, or a pipe holds, into `pipe`, in the same way; nil when there is
    /// nothing for now or `pipe` is full.
    public borrowing func move(
        intoPipe pipe: borrowing Descriptor,
        upTo limit: Int
    ) throws(SystemCallError) -> Int? {
        let (source, target) = (number, pipe.number)
        do {
            return try systemCall("splice", "descriptor \(source)") {
                clinux_splice(source, target, limit)
            }
        } catch  where error.reason == .wouldBlock {
            return nil
        }
    }

    /// Makes the pipe hold up to `size` bytes, as far as the system allows. Source: fcntl(2).
    public borrowing func setPipeCapacity(_ size: Int32) throws(SystemCallError) {
        let number = number
        try systemCall("fcntl", "descriptor \(number)") { clinux_set_pipe_size(number, size) }
    }
}

/// Searches bytes faster than one at a time.
public enum ByteSearch {
    /// The first place of `byte` in `bytes[start..<end]`. Source: memchr(3).
    public static func first(_ byte: UInt8, in bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        guard start < end, start >= 0, end <= bytes.count else { return nil }
        return unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), end - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// The last place of `byte` in `bytes[start..<end]`. Source: memrchr(3).
    public static func last(_ byte: UInt8, in bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        guard start < end, start >= 0, end <= bytes.count else { return nil }
        return unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe clinux_memrchr(base + start, Int32(byte), end - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
