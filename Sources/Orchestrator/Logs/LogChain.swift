import Linux
import SystemPackage

/// The files that make up one container's log.
enum LogChain {
    /// An open file of the chain; it stays readable when it is renamed or removed.
    final class Place {
        let descriptor: Descriptor
        let inode: UInt64

        init(_ path: FilePath) throws(SystemCallError) {
            descriptor = try Descriptor.open(path)
            inode = try descriptor.status().inode
        }

        /// The current size in bytes.
        var size: Int64 {
            get throws(SystemCallError) { try descriptor.status().size }
        }
    }

    /// Opens the files, oldest first; none if there is no log yet.
    ///
    /// They are opened from the newest to the oldest, the direction in which rotation moves them: a
    /// file may be met twice, but none is missed. During a rotation, or after a writer was killed
    /// in one, a number may be missing.
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

    /// Opens the files that follow the one with this inode; all if it no longer exists.
    static func open(_ path: FilePath, after inode: UInt64) throws(SystemCallError) -> [Place] {
        let places = try open(path)
        guard let known = places.lastIndex(where: { $0.inode == inode }) else { return places }
        return Array(places[(known + 1)...])
    }

    /// Whether the newest file still has this inode.
    static func isNewest(_ inode: UInt64, _ path: FilePath) -> Bool {
        do throws(SystemCallError) {
            return try FileSystem.status(of: path).inode == inode
        } catch {
            // Between two renames there is no newest file; the next call finds it.
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
