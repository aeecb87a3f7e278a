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
    /// Newest first and upward, as files move when they are rotated: one may be met twice, but none
    /// is missed. While they move, or where a writer died meanwhile, one number is left out.
    static func open(_ path: FilePath) throws(SystemCallError) -> [Place] {
        var places: [Place] = []
        var (number, missing) = (0, 0)
        while missing < 2 {
            if let place = try openIfThere(LogFile.name(path, number)) {
                missing = 0
                if !places.contains(where: { $0.inode == place.inode }) { places.append(place) }
            } else {
                missing += 1
            }
            number += 1
        }
        return places.reversed()
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
