public import OCI
public import SystemPackage

/// An output stream of a container.
public enum LogStream: Int, Sendable, CaseIterable {
    case output
    case error
}

/// The log of a container, to be read.
public struct LogSource: Hashable, Sendable {
    /// The container's id.
    public var container: String
    /// The newest log file.
    public var log: FilePath
    /// Omits lines written before this time; nil for all that the options select.
    public var since: Timestamp?

    public init(container: String, log: FilePath, since: Timestamp? = nil) {
        self.container = container
        self.log = log
        self.since = since
    }
}

extension ProjectPaths {
    /// The kept log of a container, from its latest start if the options ask for that.
    public func log(of container: ExistingContainer, _ options: LogOptions) -> LogSource {
        LogSource(
            container: container.id,
            log: self.container(container.id).log,
            since: options.sinceLastStart ? container.state.startedAt : nil
        )
    }

    /// The log of a container; it is beside the spool if no log is kept.
    public func output(of record: ContainerRecord) -> LogSource {
        let isKept = record.logging != .none
        return LogSource(
            container: record.id,
            log: isKept ? container(record.id).log : Self.passingLog(spool(record.id))
        )
    }
}

/// Selects lines of logs.
public struct LogOptions: Equatable, Sendable {
    /// The number of last lines of each container; nil for all.
    public var tail: Int?
    /// Omits lines written before this time.
    public var since: Timestamp?
    /// Omits lines written before the latest start of their container.
    public var sinceLastStart = false
    /// Omits lines written at or after this time.
    public var until: Timestamp?
    /// Whether to continue with lines as they are written.
    public var follow: Bool
    /// Whether pieces of lines are delivered as they arrive, unchanged and without delay.
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

/// A line of a container's output.
public struct LogLine: Sendable {
    /// The index of its container, in the order in which they were added to the reader.
    public var source: Int
    public var stream: LogStream
    public var time: Timestamp
    /// The bytes as written, without the newline.
    public var text: ArraySlice<UInt8>
    /// Whether the container wrote no newline here: the rest of the line follows, or never came.
    public var continues: Bool
}
