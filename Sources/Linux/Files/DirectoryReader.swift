import CLinux
import Glibc
import SystemPackage

/// Directory listings as the kernel returns them: bytes, which need not be UTF-8.
enum DirectoryReader {
    /// All names except `.` and `..`, null-terminated, in unspecified order. Source: readdir(3).
    static func names(in directory: borrowing Descriptor) throws(SystemCallError) -> [[CChar]] {
        let number = try directory.duplicate().release()
        guard let stream = unsafe fdopendir(number) else {
            let reason = errno
            close(number)
            throw SystemCallError(
                call: "fdopendir",
                subject: "descriptor \(number)",
                reason: .init(rawValue: reason)
            )
        }
        defer { unsafe closedir(stream) }
        unsafe rewinddir(stream)
        var names: [[CChar]] = []
        while let entry = unsafe readdir(stream), let name = unsafe clinux_entry_name(entry) {
            let length = unsafe strlen(name)
            let bytes = unsafe Array(UnsafeBufferPointer(start: name, count: length + 1))
            if bytes != [46, 0] && bytes != [46, 46, 0] { names.append(bytes) }
        }
        return names
    }
}
