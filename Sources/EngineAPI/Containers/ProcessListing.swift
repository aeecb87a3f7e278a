import Linux
import SystemPackage

/// The output of the host's ps(1) for the processes of a container.
struct ProcessListing: Equatable {
    var titles: [String]
    var rows: [[String]]

    /// Runs ps(1) with a client's arguments.
    static func run(_ arguments: [String], keeping processes: Set<Int32>) async throws -> Self {
        let places = ["/usr/bin/ps", "/bin/ps"].map { FilePath($0) }
        guard let program = places.first(where: FileSystem.exists) else {
            throw EngineError.unsupported("ps_args", "this host has no ps(1); use -ef")
        }
        let (output, message) = try await BackgroundThread.run {
            let output = try Pipe()
            let errors = try Descriptor.openUnnamed(in: "/tmp")
            let process = try ChildProgram.start(
                program,
                arguments: arguments,
                environment: ["LC_ALL=C"],
                input: Descriptor.open("/dev/null"),
                output: output.writeEnd,
                error: errors
            )
            let text = try output.takeReadEnd().readToEnd()
            let status = try process.wait()
            guard status != .exited(0) else { return (text, [] as [UInt8]) }
            try errors.rewind()
            return (text, try errors.readToEnd())
        }
        guard message.isEmpty else {
            throw EngineError(500, "Error running ps: \(String(decoding: message, as: UTF8.self))")
        }
        return try Self(parsing: String(decoding: output, as: UTF8.self), keeping: processes)
    }

    /// Reads a table whose last column may contain spaces, and keeps the lines of `processes`.
    init(parsing text: String, keeping processes: Set<Int32>) throws(EngineError) {
        let lines = text.split(separator: "\n").map { line in
            line.split { $0 == " " || $0 == "\t" }.map(String.init)
        }
        titles = lines.first ?? []
        guard let place = titles.firstIndex(of: "PID") else {
            throw EngineError(500, "Couldn't find PID field in ps output")
        }
        let last = titles.count - 1
        rows = lines.dropFirst().compactMap { fields in
            guard fields.count > last, Int32(fields[place]).map(processes.contains) == true else {
                return nil
            }
            return fields[..<last] + [fields[last...].joined(separator: " ")]
        }
    }
}
