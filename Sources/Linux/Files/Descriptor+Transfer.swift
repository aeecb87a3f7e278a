import CLinux
import Glibc
import SystemPackage

/// Positioned reads and writes, and transfers inside the kernel.
extension Descriptor {
    /// Reads once at `offset` into `buffer` from index `start`; returns the number of bytes read, 0
    /// at the end of the file. Source: pread(2).
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

    /// Writes all of `bytes` at `offset`, or at the end of a file opened for appending.
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

    /// Truncates or zero-extends the file to `size` bytes. Source: ftruncate(2).
    public borrowing func truncate(to size: Int64) throws(SystemCallError) {
        let number = number
        try systemCall("ftruncate", "descriptor \(number)") { ftruncate(number, off_t(size)) }
    }

    /// Sets the file offset to 0. Source: lseek(2).
    public borrowing func rewind() throws(SystemCallError) {
        let number = number
        try systemCall("lseek", "descriptor \(number)") { lseek(number, 0, SEEK_SET) }
    }

    /// Moves the content of a pipe to `file` at `offset` inside the kernel, atomically: if the
    /// process is killed, every byte is in exactly one of both.
    ///
    /// Returns nil if the pipe is empty, 0 if it has no writer left. Source: splice(2).
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

    /// Moves the output of a terminal or the content of a pipe to `pipe` in the same way; nil if
    /// there is nothing to move or `pipe` is full.
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

    /// Sets the capacity of the pipe to `size` bytes, within the system's limit. Source: fcntl(2).
    public borrowing func setPipeCapacity(_ size: Int32) throws(SystemCallError) {
        let number = number
        try systemCall("fcntl", "descriptor \(number)") { clinux_set_pipe_size(number, size) }
    }
}
