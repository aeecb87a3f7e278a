public import Linux
public import SystemPackage

/// The reason why an ordinary user's namespaces cannot be used, with its remedy.
public struct RootlessError: Error, Equatable {
    public enum Problem: Sendable, Equatable {
        /// These files assign too few ids to the user; `firstFree` and the following ids are not
        /// assigned to anyone.
        case subordinateIDs([Shortage], user: String, firstFree: UInt64)
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

    /// A file that assigns too few ids.
    public struct Shortage: Sendable, Equatable {
        public var file: String
        public var count: Int
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

extension RootlessError {
    /// Commands that solve the problem, most of them for an administrator; empty if there is none.
    public var remedies: [String] {
        switch problem {
        case .subordinateIDs(let shortages, let user, let first):
            [Self.assignment(shortages, user, first)]
        case .missingProgram: ["apt-get install uidmap"]
        case .missingUplink: ["apt-get install passt"]
        case .mapping: ["apt-get install --reinstall uidmap"]
        case .namespacesForbidden(_, let setting): setting.map { [$0.remedy] } ?? []
        case .tunMissing: ["modprobe tun", "chmod 0666 /dev/net/tun"]
        case .foreignDirectory, .unusableDirectory, .invisibleDirectory, .refused, .holderEnded: []
        }
    }

    private static func assignment(
        _ shortages: [Shortage],
        _ user: String,
        _ first: UInt64
    ) -> String {
        let options = shortages.map { shortage in
            let option = shortage.file.hasSuffix("subgid") ? "--add-subgids" : "--add-subuids"
            return "\(option) \(first)-\(first + 65_535)"
        }
        return "usermod \(options.joined(separator: " ")) \(user)"
    }
}

extension RootlessError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .subordinateIDs(let shortages, let user, _):
            Self.sentence(shortages, user) + "; let an administrator run '\(remedies[0])'"
        case .missingProgram(let name):
            "the program \(name) is missing, without which an ordinary user cannot run containers; "
                + "install it with '\(remedies[0])', or run the command as root"
        case .missingUplink:
            "neither pasta nor slirp4netns is installed, one of which connects an ordinary user's "
                + "containers to the network; install pasta with '\(remedies[0])'"
        case .mapping(let program, let reason):
            "\(program) cannot map this user's ids: \(reason); it must be owned by root with the "
                + "set-user-ID bit or the file capability, as '\(remedies[0])' installs it, and "
                + "not be on a file system mounted with nosuid"
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
            "the holder of this user's namespaces ended unexpectedly; run the command again, and "
                + "'swiftcompose doctor' if it fails again"
        }
    }

    private static func sentence(_ shortages: [Shortage], _ user: String) -> String {
        let count = shortages.map(\.count).min() ?? 0
        let files = shortages.map(\.file).joined(separator: " and ")
        let verb = shortages.count == 1 ? "assigns" : "assign"
        return count == 0
            ? "\(files) \(verb) no ids to user \(user), which containers need for users other than root"
            : "\(files) \(verb) only \(count) ids to user \(user), but images need "
                + "\(SubordinateIDs.minimum)"
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
