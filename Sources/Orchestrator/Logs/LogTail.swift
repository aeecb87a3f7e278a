import Linux

/// The last lines of a container's log, for the message about its failure.
struct LogTail {
    private let paths: DataPaths

    init(_ paths: DataPaths) { self.paths = paths }

    /// Returns the last `count` lines; none if the log cannot be read.
    func lines(of record: ContainerRecord, count: Int = 5) -> [String] {
        let source = paths.project(record.project).output(of: record)
        var lines: [String] = []
        // The message about the failure is complete without its lines.
        try? LogReader([source], LogOptions(tail: count)).run(onLine: { line in
            lines.append(String(decoding: line.text, as: UTF8.self))
        })
        return lines
    }
}
