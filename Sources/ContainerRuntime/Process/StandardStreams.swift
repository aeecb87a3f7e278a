public import SystemPackage

/// What a process finds at its descriptors 0, 1 and 2, when it has no terminal.
public struct StandardStreams: Sendable, Equatable {
    public enum Stream: Sendable, Equatable {
        /// `/dev/null`.
        case null
        /// The caller's own.
        case inherited
        /// An open descriptor of the caller, who keeps and closes it.
        case descriptor(Int32)
        /// The same, of something that others use as well and whose owner stays as it is.
        case foreign(Int32)
        /// A named pipe, opened for reading and writing: so the container itself keeps it open,
        /// and nobody gets SIGPIPE or an end of file when the other side goes and comes back.
        case fifo(FilePath)
        /// A named pipe, opened for reading only: it ends when the last writer has gone.
        case ending(FilePath)
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
