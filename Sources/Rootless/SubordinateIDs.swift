import Linux
import SystemPackage

/// The ids of the machine that belong to a user's containers. Source: subuid(5), subgid(5).
struct SubordinateIDs: Equatable {
    struct Range: Equatable {
        var first: UInt32
        var count: UInt32
    }

    /// As many as images use: up to 65534, `nobody`.
    static let minimum = 65_535

    var ranges: [Range]

    /// Parses a file for the user `name` with the id `user`; lines that are malformed are skipped,
    /// as newuidmap does.
    init(parsing text: String, name: String, user: UInt32) {
        ranges = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0] == name || fields[0] == "\(user)",
                let first = UInt32(fields[1]), let count = UInt32(fields[2]), count > 0
            else { return nil }
            return Range(first: first, count: count)
        }
    }

    /// Reads `/etc/subuid` and `/etc/subgid`; throws unless there are enough of both.
    static func read(
        name: String,
        user: UInt32
    ) throws(RootlessError) -> (users: SubordinateIDs, groups: SubordinateIDs) {
        // A missing file assigns nothing.
        let texts = (
            try? FileSystem.readText("/etc/subuid"), try? FileSystem.readText("/etc/subgid")
        )
        return try read(users: texts.0 ?? "", groups: texts.1 ?? "", name: name, user: user)
    }

    /// Parses the content of both files.
    static func read(
        users: String,
        groups: String,
        name: String,
        user: UInt32
    ) throws(RootlessError) -> (users: SubordinateIDs, groups: SubordinateIDs) {
        let found = (
            users: SubordinateIDs(parsing: users, name: name, user: user),
            groups: SubordinateIDs(parsing: groups, name: name, user: user)
        )
        let shortages = [
            RootlessError.Shortage(file: "/etc/subuid", count: found.users.count),
            RootlessError.Shortage(file: "/etc/subgid", count: found.groups.count),
        ].filter { $0.count < minimum }
        guard shortages.isEmpty else {
            let free = firstFree(in: users + "\n" + groups)
            throw RootlessError(.subordinateIDs(shortages, user: name, firstFree: free))
        }
        return found
    }

    /// The first id behind all that are assigned, from 100000: users who share ids could change the
    /// files of each other's containers.
    private static func firstFree(in text: String) -> UInt64 {
        text.split(separator: "\n").reduce(100_000) { free, line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, let first = UInt64(fields[1]), let count = UInt64(fields[2]),
                first < UInt32.max, count < UInt32.max
            else { return free }
            return max(free, first + count)
        }
    }

    var count: Int { ranges.reduce(0) { $0 + Int($1.count) } }

    /// The arguments of newuidmap or newgidmap: `own` becomes 0, the others follow from 1.
    func arguments(process: Int32, own: UInt32) -> [String] {
        var next: UInt64 = 1
        var words = ["\(process)", "0", "\(own)", "1"]
        for range in ranges {
            words += ["\(next)", "\(range.first)", "\(range.count)"]
            next += UInt64(range.count)
        }
        return words
    }
}
