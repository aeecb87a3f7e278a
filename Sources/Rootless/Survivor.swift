import Linux
import SystemPackage

/// A process that is still in a user's namespaces after their holder was killed: a supervisor, its
/// keeper or another command. A new holder joins the namespaces by way of it, so that containers keep
/// their network and commands find them.
enum Survivor {
    /// The file that identifies the namespaces, in the run-time directory.
    static let record = "namespaces"

    private static let kinds = ["user", "mnt", "net"]

    /// Records the namespaces: those of process `owner`, and the network namespace of `network`.
    static func write(
        owner: Int32,
        network: Int32,
        in directory: FilePath
    ) throws(SystemCallError) {
        let identities = [
            try identity("user", of: owner), try identity("mnt", of: owner),
            try identity("net", of: network),
        ]
        let text = identities.joined(separator: "\n")
        try AtomicFile.write(Array(text.utf8), to: directory.appending(record), flushing: false)
    }

    /// Empty if the namespaces have ended, as they have unless their holder was killed.
    static func all(in directory: FilePath) throws(SystemCallError) -> [Int32] {
        let file = directory.appending(record)
        guard FileSystem.exists(file) else { return [] }
        let identities = try FileSystem.readText(file).split(separator: "\n").map(String.init)
        guard identities.count == kinds.count else { return [] }
        return try FileSystem.entries(of: "/proc").compactMap { Int32($0) }.filter { pid in
            // Processes of other users, and those that have just exited, are no survivors.
            zip(kinds, identities).allSatisfy { (try? identity($0, of: pid)) == $1 }
        }
    }

    private static func identity(
        _ kind: String,
        of pid: Int32
    ) throws(SystemCallError) -> String {
        try FileSystem.readSymbolicLink(FilePath("/proc/\(pid)/ns/\(kind)")).string
    }
}
