public import SystemPackage

/// The search for programs in the directories of `PATH`.
public enum ProgramSearch {
    /// The first executable file `name` in the directories of `path`, which colons separate.
    public static func find(_ name: String, in path: String) -> FilePath? {
        for directory in path.split(separator: ":") {
            let file = FilePath(String(directory)).appending(name)
            // A file that cannot be examined cannot be executed either.
            guard let status = try? FileSystem.status(of: file), status.kind == .regular,
                status.mode & 0o111 != 0
            else { continue }
            return file
        }
        return nil
    }
}
