public import Linux
public import SystemPackage

/// The users and groups of an image, from its `/etc/passwd` and `/etc/group`.
///
/// The image is not trusted: a FIFO, a huge file or a link out of it counts as an empty database.
public struct UserDatabase: Sendable, Equatable {
    /// The user and groups of a process.
    public struct Identity: Sendable, Equatable {
        public var user: UInt32
        public var group: UInt32
        /// Supplementary groups, the primary group first.
        public var groups: [UInt32]
        /// The home directory; `/` if the image does not specify one.
        public var home: String
    }

    private struct User: Sendable, Equatable {
        var name: String
        var id: UInt32
        var group: UInt32
        var home: String
    }

    private struct Group: Sendable, Equatable {
        var name: String
        var id: UInt32
        var members: [String]
    }

    private var users: [User]
    private var groups: [Group]

    /// Parses the texts of the two files. Source: passwd(5), group(5).
    public init(passwd: String, group: String) {
        users = Self.records(in: passwd).compactMap { fields in
            guard fields.count >= 4, let id = UInt32(fields[2]), let group = UInt32(fields[3])
            else {
                return nil
            }
            let home = fields.count > 5 ? fields[5] : ""
            return User(name: fields[0], id: id, group: group, home: home)
        }
        groups = Self.records(in: group).compactMap { fields in
            guard fields.count >= 3, let id = UInt32(fields[2]) else { return nil }
            let members = fields.count > 3 ? fields[3].split(separator: ",").map(String.init) : []
            return Group(name: fields[0], id: id, members: members)
        }
    }

    /// Reads both files below a mounted root.
    public init(root: borrowing ConfinedDirectory) {
        self.init(passwd: Self.text("/etc/passwd", root), group: Self.text("/etc/group", root))
    }

    /// Reads both files from a stack of layers, topmost first, without mounting it.
    public init(layers: [FilePath]) {
        self.init(
            passwd: Self.text("/etc/passwd", layers),
            group: Self.text("/etc/group", layers)
        )
    }

    /// Finds `user[:group]`, each by name or number.
    ///
    /// A number need not be in the database, and an empty text is root. Without a group, the user's
    /// primary and supplementary groups apply; with one, only that group. The primary group is
    /// among the supplementary ones too, so that permissions denied to the group stay denied to a
    /// process that changes its group.
    public func identity(
        of text: String,
        additionalGroups: [String] = []
    ) throws(RuntimeError) -> Identity {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let number = name.isEmpty ? 0 : Self.id(name)
        let entry =
            users.first { $0.name == name && !name.isEmpty }
            ?? number.flatMap { id in users.first { $0.id == id } }
        guard let user = entry?.id ?? number else { throw Self.unknown(.userNotFound(name), name) }
        var identity = Identity(
            user: user,
            group: entry?.group ?? 0,
            groups: [],
            home: entry.map(\.home).flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        )
        if parts.count > 1, !parts[1].isEmpty {
            identity.group = try self.group(String(parts[1]))
        } else if let entry {
            identity.groups = groups.filter { $0.members.contains(entry.name) }.map(\.id)
        }
        for name in additionalGroups { identity.groups.append(try self.group(name)) }
        identity.groups = Self.unique([identity.group] + identity.groups)
        return identity
    }

    /// Returns the number of a group given by name or number.
    public func group(_ name: String) throws(RuntimeError) -> UInt32 {
        guard let id = groups.first(where: { $0.name == name })?.id ?? Self.id(name) else {
            throw Self.unknown(.groupNotFound(name), name)
        }
        return id
    }

    /// The largest id that programs treat as one; Docker's limit.
    private static let largestID = UInt32(Int32.max)

    private static func id(_ text: String) -> UInt32? {
        UInt32(text).flatMap { $0 <= largestID ? $0 : nil }
    }

    private static func unknown(_ error: RuntimeError, _ name: String) -> RuntimeError {
        let isNumber = !name.isEmpty && name.allSatisfy { $0.isASCII && $0.isNumber }
        guard isNumber else { return error }
        return .invalid(field: "user", value: name, expected: "an id in the range 0-\(largestID)")
    }

    private static func unique(_ ids: [UInt32]) -> [UInt32] {
        if ids.count < 2 { return ids }
        var seen: Set<UInt32> = []
        return ids.filter { seen.insert($0).inserted }
    }

    private static func records(in text: String) -> [[String]] {
        if text.isEmpty { return [] }
        return text.split(separator: "\n").map { line in
            line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private static func text(_ path: String, _ root: borrowing ConfinedDirectory) -> String {
        // Missing, hostile or unreadable files define no users.
        guard let bytes = try? root.readFile(path, limit: 4 << 20) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func text(_ path: String, _ layers: [FilePath]) -> String {
        for layer in layers {
            // A layer that cannot be opened is skipped.
            guard let directory = try? Descriptor.open(layer, [.pathOnly, .directory]) else {
                continue
            }
            let root = ConfinedDirectory(directory)
            if root.exists(path) { return text(path, root) }
        }
        return ""
    }
}
