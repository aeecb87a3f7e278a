/// The Git worktree that a directory belongs to, which distinguishes copies of a project.
///
/// Source: gitrepository-layout(5).
enum GitWorktree {
    /// The name of a linked worktree, or the branch of the main one.
    ///
    /// Nil outside of a repository, in a submodule, and without a branch.
    static func label(of directory: String, _ files: FileAccess) -> String? {
        var directory = directory
        while true {
            let path = directory == "/" ? "/.git" : "\(directory)/.git"
            switch files.kind(path) {
            case .directory: return branch(in: "\(path)/HEAD", files)
            case .file: return linkedName(in: path, files)
            case .stream, nil: break
            }
            let parent = HostPath.directory(directory)
            if parent == directory { return nil }
            directory = parent
        }
    }

    private static func branch(in head: String, _ files: FileAccess) -> String? {
        let prefix = "ref: refs/heads/"
        guard let line = line(head, files), line.hasPrefix(prefix) else { return nil }
        return String(line.dropFirst(prefix.count)).replacing("/", with: "-")
    }

    /// The name in `gitdir: REPOSITORY/.git/worktrees/NAME`.
    private static func linkedName(in file: String, _ files: FileAccess) -> String? {
        guard let line = line(file, files), line.hasPrefix("gitdir: ") else { return nil }
        let parts = line.dropFirst("gitdir: ".count).split(separator: "/")
        guard parts.count > 1, parts[parts.count - 2] == "worktrees" else { return nil }
        return parts.last.map(String.init)
    }

    private static func line(_ path: String, _ files: FileAccess) -> String? {
        // Without a readable file the project has its usual name.
        guard let bytes = try? files.read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first
            .map(String.init)
    }
}
