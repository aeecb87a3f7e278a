import Linux
import SystemPackage

/// A program of the machine that is run with privileges or in the network that we do not have.
struct InstalledProgram {
    var path: FilePath

    /// Looks in `PATH` and in the directories of system programs; nil if it is not installed.
    init?(_ name: String, path: String?) {
        let directories = (path ?? "").split(separator: ":").map(String.init)
        let found = (directories + ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]).lazy
            .map { FilePath($0).appending(name) }
            .first { FileSystem.exists($0) }
        guard let found else { return nil }
        self.path = found
    }

    /// Runs the program to its end; returns its messages if it fails, nil on success.
    ///
    /// The messages go through an unnamed file in `directory`, since a daemon that the program
    /// leaves behind would keep a pipe open.
    func failure(
        _ arguments: [String],
        messagesIn directory: FilePath
    ) throws(SystemCallError) -> String? {
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        let messages = try Descriptor.openUnnamed(in: directory)
        let process = try ChildProgram.startDetached(
            path,
            arguments: arguments,
            descriptors: [null.number, null.number, messages.number]
        )
        if try process.wait() == .exited(0) { return nil }
        let text = try FileSystem.readText(FilePath("/proc/self/fd/\(messages.number)"))
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.contains("to syslog") }
        return lines.last.map(String.init) ?? "it failed without a message"
    }
}
