public import OCI
public import SystemPackage

/// Which of its two outputs a container wrote to.
public enum LogStream: Int, Sendable, CaseIterable {
    case output
    case error
}

/// A container whose log is to be read.
public struct LogSource: Hashable, Sendable {
    /// The container's id.
    public var container: String
    /// Its newest log file.
    public var log: FilePath

    public init(container: String, log: FilePath) {
        self.container = container
        self.log = log
    }
}

extension ProjectPaths {
    /// The log of a container, which is in its spool where its output is not kept.
    public func output(of record: ContainerRecord) -> LogSource {
        let isKept = record.logging != .none
        return LogSource(
            container: record.id,
            log: isKept ? container(record.id).log : Self.passingLog(spool(record.id))
        )
    }
}

/// Which lines are wanted.
public struct LogOptions: Equatable, Sendable {
    /// At most so many lines of each container, the last ones; nil for all.
    public var tail: Int?
    /// Nothing older.
    public var since: Timestamp?
    /// Nothing from then on.
    public var until: Timestamp?
    /// Go on with lines as they are written.
    public var follow: Bool
    /// Beginnings of lines are handed over as they come, so that nothing is added and nothing
    /// held back.
    public var inPieces: Bool

    public init(
        tail: Int? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        follow: Bool = false,
        inPieces: Bool = false
    ) {
        self.tail = tail
        self.since = since
        self.until = until
        self.follow = follow
        self.inPieces = inPieces
    }
}

/// One line that a container wrote.
public struct LogLine: Sendable {
    /// Place of its container in the order in which the reader was told of them.
    public var source: Int
    public var stream: LogStream
    public var time: Timestamp
    /// The bytes as they were written, without the newline.
    public var text: ArraySlice<UInt8>
    /// The container wrote no newline here: the rest of the line follows, or never came.
    public var continues: Bool
}
