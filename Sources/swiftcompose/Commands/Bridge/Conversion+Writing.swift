import Conversion
import Linux
import SystemPackage

extension Conversion {
    /// Writes the files below a directory, each completely or not at all.
    func write(into directory: String) throws(SystemCallError) {
        for file in files {
            let path = FilePath(directory).appending(file.path)
            try FileSystem.makeDirectories(path.removingLastComponent())
            try AtomicFile.write(
                file.content,
                to: path,
                mode: file.isSecret ? 0o600 : 0o644,
                flushing: false
            )
        }
    }
}
