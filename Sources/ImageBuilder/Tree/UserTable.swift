import Linux
import SystemPackage

/// An image's `/etc/passwd` and `/etc/group`. Source: passwd(5), group(5).
struct UserTable: Sendable {
    struct User: Sendable {
        var name: String
        var uid: UInt32
        var gid: UInt32
        var home: String
    }

    private struct Group: Sendable {
        var name: String
        var gid: UInt32
        var members: [String]
    }

    private var users: [User] = []
    private var groups: [Group] = []

    init(passwd: String, group: String) {
        for line in passwd.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 6, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else {
                continue
            }
            users.append(
                User(name: String(fields[0]), uid: uid, gid: gid, home: String(fields[5]))
            )
        }
        for line in group.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 3, let gid = UInt32(fields[2]) else { continue }
            let members = fields.count > 3 ? fields[3].split(separator: ",").map(String.init) : []
            groups.append(Group(name: String(fields[0]), gid: gid, members: members))
        }
    }

    /// Reads both files of a tree; one that is missing or not a regular file counts as empty.
    init(of tree: LayeredTree) throws(SystemCallError) {
        let passwd = try tree.content(of: "/etc/passwd") ?? []
        let group = try tree.content(of: "/etc/group") ?? []
        self.init(
            passwd: String(decoding: passwd, as: UTF8.self),
            group: String(decoding: group, as: UTF8.self)
        )
    }

    /// The owner that `--chown` names: a number alone is also the group, an unknown name is root.
    func owner(_ text: String) -> Owner {
        let (userPart, groupPart) = Self.split(text)
        var owner = Owner(user: 0, group: 0)
        if let number = UInt32(userPart) {
            owner = Owner(user: number, group: number)
        } else if let user = users.first(where: { $0.name == userPart }) {
            owner = Owner(user: user.uid, group: user.gid)
        }
        if let groupPart { owner.group = gid(groupPart) ?? 0 }
        return owner
    }

    /// The identity of a RUN step's process; nil if a name is unknown.
    func identity(_ text: String) -> Identity? {
        let (userPart, groupPart) = Self.split(text)
        let user: User?
        if let named = users.first(where: { $0.name == userPart }) {
            user = named
        } else if let number = UInt32(userPart.isEmpty ? "0" : userPart) {
            user =
                users.first { $0.uid == number }
                ?? User(name: "", uid: number, gid: 0, home: number == 0 ? "/root" : "/")
        } else {
            user = nil
        }
        guard let user else { return nil }
        var identity = Identity(
            user: user.uid,
            group: user.gid,
            groups: [],
            home: user.home.isEmpty ? "/" : user.home
        )
        if let groupPart {
            guard let group = gid(groupPart) else { return nil }
            identity.group = group
        } else if !user.name.isEmpty {
            identity.groups = groups.filter { $0.members.contains(user.name) }.map(\.gid)
        }
        return identity
    }

    private func gid(_ text: String) -> UInt32? {
        groups.first { $0.name == text }?.gid ?? UInt32(text)
    }

    private static func split(_ text: String) -> (String, String?) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return (text, nil) }
        return (String(parts[0]), parts[1].isEmpty ? nil : String(parts[1]))
    }
}

/// The owner of a file.
struct Owner: Sendable, Equatable {
    var user: UInt32
    var group: UInt32

    static let root = Owner(user: 0, group: 0)
}

/// The user, groups and home directory of a process.
struct Identity: Sendable, Equatable {
    var user: UInt32
    var group: UInt32
    var groups: [UInt32]
    var home: String
}
