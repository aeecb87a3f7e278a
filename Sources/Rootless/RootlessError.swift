public import Linux
public import SystemPackage

/// The reason why an ordinary user's namespaces cannot be used, with its remedy.
public struct RootlessError: Error, Equatable {
    public enum Problem: Sendable, Equatable {
        /// `file` has no range for the user.
        case noSubordinateIDs(file: String, user: String)
        case tooFewSubordinateIDs(file: String, user: String, count: Int)
        case missingProgram(String)
        case missingUplink
        case mapping(program: String, reason: String)
        case namespacesForbidden(SystemCallError, setting: KernelSetting?)
        case tunMissing(Errno)
        case foreignDirectory(FilePath, owner: UInt32)
        case unusableDirectory(FilePath, variable: String, Errno)
        case invisibleDirectory(String)
        case refused(doing: String, SystemCallError)
        case holderEnded
    }

    /// A kernel parameter that forbids user namespaces, and the value that permits them.
    public struct KernelSetting: Sendable, Equatable {
        public var name: String
        public var remedy: String
    }

    public var problem: Problem

    init(_ problem: Problem) { self.problem = problem }

    static func during<Value: ~Copyable>(
        _ action: String,
        _ body: @autoclosure () throws(SystemCallError) -> Value
    ) throws(RootlessError) -> Value {
        do throws(SystemCallError) {
            return try body()
        } catch {
            throw RootlessError(.refused(doing: action, error))
        }
    }
}

extension RootlessError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .noSubordinateIDs(let file, let user):
            "\(file) assigns no ids to user \(user), which containers need for users other than "
                + "root; let an administrator run '\(Self.assignment(file, user))'"
        case .tooFewSubordinateIDs(let file, let user, let count):
            "\(file) assigns only \(count) ids to user \(user), but images need "
                + "\(SubordinateIDs.minimum); let an administrator run "
                + "'\(Self.assignment(file, user))'"
        case .missingProgram(let name):
            "the program \(name) is missing, without which an ordinary user cannot run containers; "
                + "install it with 'apt-get install uidmap', or run the command as root"
        case .missingUplink:
            "neither pasta nor slirp4netns is installed, one of which connects an ordinary user's "
                + "containers to the network; install pasta with 'apt-get install passt'"
        case .mapping(let program, let reason):
            "\(program) cannot map this user's ids: \(reason); it must be owned by root with the "
                + "set-user-ID bit or the file capability, as 'apt-get install --reinstall uidmap' "
                + "installs it, and not be on a file system mounted with nosuid"
        case .namespacesForbidden(let error, let setting):
            "this machine does not let ordinary users create user namespaces (\(error.call): "
                + "\(error.reason)); "
                + (setting.map {
                    "\($0.name) forbids them; let an administrator run '\($0.remedy)'"
                }
                    ?? "run the command as root, or permit them (inside a container, by its "
                    + "seccomp profile)")
        case .tunMissing(let reason):
            "/dev/net/tun cannot be opened (\(reason)), without which an ordinary user's containers "
                + "have no network; let an administrator run 'modprobe tun' and "
                + "'chmod 0666 /dev/net/tun'"
        case .foreignDirectory(let path, let owner):
            "\(path) belongs to user \(owner); set XDG_RUNTIME_DIR to a directory of your own, or "
                + "unset it"
        case .unusableDirectory(let path, let variable, let reason):
            "cannot write to \(path): \(reason); \(Self.remedy(reason)), or set \(variable) to a "
                + "directory on another file system"
        case .invisibleDirectory(let path):
            "the working directory \(path) is not visible in this user's mount namespace, because "
                + "it was mounted after the first container was started; end all projects with "
                + "'swiftcompose down', or work in another directory"
        case .refused(let action, let error):
            "cannot \(action): \(error); 'swiftcompose doctor' checks this machine"
        case .holderEnded:
            "the holder of this user's namespaces ended unexpectedly; run the command again"
        }
    }

    private static func assignment(_ file: String, _ user: String) -> String {
        let option = file.hasSuffix("subgid") ? "--add-subgids" : "--add-subuids"
        return "usermod \(option) 100000-165535 \(user)"
    }

    private static func remedy(_ reason: Errno) -> String {
        switch reason {
        case .diskQuotaExceeded, .noSpace: "free space"
        case .readOnlyFileSystem: "remount it writable"
        default: "make it writable"
        }
    }
}

extension Errno {
    static var diskQuotaExceeded: Errno { Errno(rawValue: 122) }
}
