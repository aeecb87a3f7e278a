public import SystemPackage

/// The descriptors 0, 1 and 2 of a process without a terminal.
public struct StandardStreams: Sendable, Equatable {
    public enum Stream: Sendable, Equatable {
        /// `/dev/null`.
        case null
        /// The caller's own stream.
        case inherited
        /// An open descriptor, which the caller keeps and closes.
        case descriptor(Int32)
        /// An open descriptor of a file that others use too, so its owner is not changed.
        case shared(Int32)
        /// A named pipe, opened for reading and writing: the container itself keeps it open, so
        /// that no side gets SIGPIPE or an end of file while the other reconnects.
        case fifo(FilePath)
        /// A named pipe, opened for reading only: it ends when the last writer closes it.
        case readOnlyFIFO(FilePath)
    }

    public var input: Stream
    public var output: Stream
    public var error: Stream

    public init(input: Stream = .null, output: Stream = .null, error: Stream = .null) {
        self.input = input
        self.output = output
        self.error = error
    }

    public static let null = StandardStreams()
    public static let inherited = StandardStreams(
        input: .inherited,
        output: .inherited,
        error: .inherited
    )
}
