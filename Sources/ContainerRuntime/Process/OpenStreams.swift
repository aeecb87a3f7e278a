import Linux
import SystemPackage

/// The standard streams, opened while the host's files are still accessible.
final class OpenStreams {
    private struct Opened {
        var number: Int32
        var isNull: Bool
        /// Whether the stream is a pipe to give to the process's user, who may open `/dev/stdout`.
        var isPipe: Bool
    }

    // Not an array: right after clone(2) the first use of its type would cost page copies.
    private let input: Opened
    private let output: Opened
    private let error: Opened

    init(_ streams: StandardStreams) throws(RuntimeError) {
        input = try Self.opened(streams.input, index: 0)
        output = try Self.opened(streams.output, index: 1)
        error = try Self.opened(streams.error, index: 2)
    }

    private static func opened(
        _ stream: StandardStreams.Stream,
        index: Int32
    ) throws(RuntimeError) -> Opened {
        do {
            let number = try open(stream, index: index)
            let isPipe = try isPipe(number, stream)
            return Opened(number: number, isNull: stream == .null, isPipe: isPipe)
        } catch {
            throw .refused(.streams, error)
        }
    }

    /// Opens the stream as a descriptor of at least 3, so that placing one does not close another.
    private static func open(
        _ stream: StandardStreams.Stream,
        index: Int32
    ) throws(SystemCallError) -> Int32 {
        switch stream {
        case .null:
            let null = try Descriptor.open("/dev/null", .readingAndWriting)
            return try null.duplicate().release()
        case .inherited: return try Descriptor.duplicating(index).release()
        case .descriptor(let number), .shared(let number):
            return try Descriptor.duplicating(number).release()
        case .fifo(let path):
            let fifo = try Descriptor.open(path, .readingAndWriting)
            return try fifo.duplicate().release()
        case .readOnlyFIFO(let path):
            // Opened without waiting for a writer; without one, reading returns the end of file.
            let fifo = try Descriptor.open(path, [.nonBlocking])
            try fifo.setNonBlocking(false)
            return try fifo.duplicate().release()
        }
    }

    private static func isPipe(
        _ number: Int32,
        _ stream: StandardStreams.Stream
    ) throws(SystemCallError) -> Bool {
        switch stream {
        case .null, .inherited, .shared: return false
        case .descriptor, .fifo, .readOnlyFIFO: break
        }
        let copy = try Descriptor.duplicating(number)
        return try copy.status().kind == .fifo
    }

    var numbers: [Int32] { [input.number, output.number, error.number] }

    /// Opens the root's `/dev/null` until execve(2); nil when another file has this name.
    private static func null(in root: borrowing ConfinedDirectory) -> Int32? {
        let options: OpenOptions = [.readingAndWriting, .nonBlocking, .noTerminalControl]
        // The host's device is used instead.
        guard let null = try? root.open("/dev/null", options), let status = try? null.status(),
            status.kind == .characterDevice, status.node == DeviceNumber(major: 1, minor: 3)
        else { return nil }
        return null.release()
    }

    /// Places the streams at 0, 1 and 2; null streams are the container's own `/dev/null`.
    func place(
        for user: UInt32,
        group: UInt32,
        in root: borrowing ConfinedDirectory
    ) throws(RuntimeError) {
        let null = Self.null(in: root)
        func place(_ stream: Opened, _ index: Int32) throws(SystemCallError) {
            if stream.isNull, let null { return try CurrentProcess.useAsStream(null, index) }
            if stream.isPipe && user != 0 {
                try CurrentProcess.setOwner(of: stream.number, user: user, group: group)
            }
            try CurrentProcess.useAsStream(stream.number, index)
        }
        try RuntimeError.during(.streams, place(input, 0))
        try RuntimeError.during(.streams, place(output, 1))
        try RuntimeError.during(.streams, place(error, 2))
    }
}
