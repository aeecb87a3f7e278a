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

    /// Reads `/etc/subuid` or `/etc/subgid`; throws unless there are enough.
    init(file: String, name: String, user: UInt32) throws(RootlessError) {
        // A missing file assigns nothing.
        let text = (try? FileSystem.readText(.init(file))) ?? ""
        self.init(parsing: text, name: name, user: user)
        guard !ranges.isEmpty else {
            throw RootlessError(.noSubordinateIDs(file: file, user: name))
        }
        guard count >= Self.minimum else {
            throw RootlessError(.tooFewSubordinateIDs(file: file, user: name, count: count))
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
