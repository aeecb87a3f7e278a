import Linux
public import SystemPackage

/// The run-time directory of an ordinary user.
public enum UserDirectories {
    /// The directory for sockets and locks: `$XDG_RUNTIME_DIR`, or else `/run/user/UID` if it is the
    /// user's, or else `/tmp/swiftcompose-UID`.
    public static func runtime(_ environment: [String: String], user: UInt32) -> FilePath {
        if let path = environment["XDG_RUNTIME_DIR"], !path.isEmpty {
            return FilePath(path).appending("swiftcompose")
        }
        let session = FilePath("/run/user/\(user)")
        if (try? FileSystem.status(of: session))?.owner == user {
            return session.appending("swiftcompose")
        }
        return FilePath("/tmp/swiftcompose-\(user)")
    }

    /// Creates a directory of the user's own, mode 0700, unless it exists.
    ///
    /// Throws if it, or the directory above it, belongs to another user.
    static func prepare(
        _ path: FilePath,
        user: UInt32,
        variable: String
    ) throws(RootlessError) {
        do throws(SystemCallError) {
            try FileSystem.makeDirectories(path, mode: 0o700)
            let status = try FileSystem.status(of: path, followingLink: false)
            guard status.kind == .directory, status.owner == user else {
                throw RefusedOwner(owner: status.owner).error
            }
            let probe = path.appending(".probe-\(CurrentProcess.pid)")
            _ = try Descriptor.open(probe, [.writing, .creating], mode: 0o600)
            try FileSystem.removeFile(probe)
        } catch {
            try explain(error, path, user: user, variable: variable)
        }
    }

    private struct RefusedOwner {
        var owner: UInt32
        var error: SystemCallError {
            SystemCallError(call: "stat", subject: "\(owner)", reason: .permissionDenied)
        }
    }

    private static func explain(
        _ error: SystemCallError,
        _ path: FilePath,
        user: UInt32,
        variable: String
    ) throws(RootlessError) -> Never {
        for place in [path, path.removingLastComponent()]
        where [.permissionDenied, .notPermitted].contains(error.reason) {
            guard let status = try? FileSystem.status(of: place, followingLink: false) else {
                continue
            }
            if status.owner != user, variable == "XDG_RUNTIME_DIR" {
                throw RootlessError(.foreignDirectory(place, owner: status.owner))
            }
        }
        throw RootlessError(.unusableDirectory(path, variable: variable, error.reason))
    }
}
