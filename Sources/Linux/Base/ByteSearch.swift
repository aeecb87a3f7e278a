import CLinux
import Glibc

/// Vectorised byte searches.
public enum ByteSearch {
    /// The first index of `byte` in `bytes[start..<end]`. Source: memchr(3).
    public static func first(_ byte: UInt8, in bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        guard start < end, start >= 0, end <= bytes.count else { return nil }
        return unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), end - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// The last index of `byte` in `bytes[start..<end]`. Source: memrchr(3).
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
