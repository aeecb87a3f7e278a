import Linux
import SystemPackage

/// The files that make up one container's log.
enum LogChain {
    /// One of them, open; it stays what it is when it is renamed or removed.
    final class Place {
        let descriptor: Descriptor
        let inode: UInt64

        init(_ path: FilePath) throws(SystemCallError) {
            descriptor = try Descriptor.open(path)
            inode = try descriptor.status().inode
        }

        /// Bytes in it now.
        var size: Int64 {
            get throws(SystemCallError) { try descriptor.status().size }
        }
    }

    /// Opens them, oldest first; none when there is no log yet.
    ///
    /// Newest first would meet a file twice, and never miss one, if it is rotated meanwhile; then
    /// it begins again.
    static func open(_ path: FilePath) throws(SystemCallError) -> [Place] {
        while true {
            var places: [Place] = []
            while let place = try openIfThere(LogFile.name(path, places.count)) {
                if place.inode == places.last?.inode { break }
                places.append(place)
            }
            if !FileSystem.exists(LogFile.name(path, places.count)) || places.isEmpty {
                return places.reversed()
            }
        }
    }

    /// Those that came after the file with this inode; all if it is gone.
    static func open(_ path: FilePath, after inode: UInt64) throws(SystemCallError) -> [Place] {
        let places = try open(path)
        guard let known = places.lastIndex(where: { $0.inode == inode }) else { return places }
        return Array(places[(known + 1)...])
    }

    /// Whether the newest file is still the one with this inode.
    static func isNewest(_ inode: UInt64, _ path: FilePath) -> Bool {
        do throws(SystemCallError) {
            return try FileSystem.status(of: path).inode == inode
        } catch {
            // Between two renames there is none; the new one will be seen at the next look.
            return true
        }
    }

    private static func openIfThere(_ path: FilePath) throws(SystemCallError) -> Place? {
        do throws(SystemCallError) {
            return try Place(path)
        } catch {
            if error.reason == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }
}
