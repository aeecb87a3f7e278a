import Linux
import SystemPackage

/// The ids of an ordinary user's namespace, and the programs that map them.
struct IDMapping {
    private let user: UInt32
    private let group: UInt32
    private let users: SubordinateIDs
    private let groups: SubordinateIDs
    private let mappers: (users: InstalledProgram, groups: InstalledProgram)

    init(
        user: UInt32,
        group: UInt32,
        name: String,
        path: String?
    ) throws(RootlessError) {
        self.user = user
        self.group = group
        (users, groups) = try SubordinateIDs.read(name: name, user: user)
        mappers = try (
            Self.program("newuidmap", path: path), Self.program("newgidmap", path: path)
        )
    }

    /// The number of ids that containers can use.
    var count: Int { min(users.count, groups.count) + 1 }

    private static func program(
        _ name: String,
        path: String?
    ) throws(RootlessError) -> InstalledProgram {
        guard let found = InstalledProgram(name, path: path) else {
            throw RootlessError(.missingProgram(name))
        }
        return found
    }

    /// Maps the ids of the user namespace of a process, whose first one it is.
    func apply(to pid: Int32, messagesIn directory: FilePath) throws(RootlessError) {
        try map(mappers.users, users.arguments(process: pid, own: user), directory)
        try map(mappers.groups, groups.arguments(process: pid, own: group), directory)
    }

    private func map(
        _ program: InstalledProgram,
        _ arguments: [String],
        _ directory: FilePath
    ) throws(RootlessError) {
        let failure = try RootlessError.during(
            "run \(program.path)",
            program.failure(arguments, messagesIn: directory)
        )
        guard let failure else { return }
        let name = program.path.lastComponent?.string ?? program.path.string
        throw RootlessError(.mapping(program: name, reason: failure))
    }
}
