import Linux
import SystemPackage

/// The standard streams, opened while the host's files are still in sight.
final class OpenStreams {
    private struct Opened {
        var number: Int32
        var isNull: Bool
        /// Pipes are given to the process's user, who may then open `/dev/stdout` again.
        var isPipe: Bool
    }

    // No list: a process that was just made would have to find out first what one of these is.
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
        try attempt(.streams) { () throws(SystemCallError) in
            let number = try open(stream, index: index)
            let isPipe = try isPipe(number, stream)
            return Opened(number: number, isNull: stream == .null, isPipe: isPipe)
        }
    }

    /// A number of at least 3, so that placing one stream does not close another.
    private static func open(
        _ stream: StandardStreams.Stream,
        index: Int32
    ) throws(SystemCallError) -> Int32 {
        switch stream {
        case .null:
            let null = try Descriptor.open("/dev/null", .readingAndWriting)
            return try null.duplicate().release()
        case .inherited: return try Descriptor.duplicating(index).release()
        case .descriptor(let number), .foreign(let number):
            return try Descriptor.duplicating(number).release()
        case .fifo(let path):
            let fifo = try Descriptor.open(path, .readingAndWriting)
            return try fifo.duplicate().release()
        case .ending(let path):
            // Opened without waiting for a writer: where there is none, it has ended already.
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
        case .null, .inherited, .foreign: return false
        case .descriptor, .fifo, .ending: break
        }
        let copy = try Descriptor.duplicating(number)
        return try copy.status().kind == .fifo
    }

    var numbers: [Int32] { [input.number, output.number, error.number] }

    /// The root's `/dev/null`, open until execve; nil when something else is called so there.
    private static func null(in root: borrowing ConfinedDirectory) -> Int32? {
        let options: OpenOptions = [.readingAndWriting, .nonBlocking, .noTerminalControl]
        // Then the host's does as well.
        guard let null = try? root.open("/dev/null", options), let status = try? null.status(),
            status.kind == .characterDevice, status.node == DeviceNumber(major: 1, minor: 3)
        else { return nil }
        return null.release()
    }

    /// Puts the streams at 0, 1 and 2; nothing is the container's own nothing.
    func place(
        for user: UInt32,
        group: UInt32,
        in root: borrowing ConfinedDirectory
    ) throws(RuntimeError) {
        let null = Self.null(in: root)
        try attempt(.streams) { () throws(SystemCallError) in
            func place(_ stream: Opened, _ index: Int32) throws(SystemCallError) {
                if stream.isNull, let null { return try CurrentProcess.useAsStream(null, index) }
                if stream.isPipe && user != 0 {
                    try CurrentProcess.setOwner(of: stream.number, user: user, group: group)
                }
                try CurrentProcess.useAsStream(stream.number, index)
            }
            try place(input, 0)
            try place(output, 1)
            try place(error, 2)
        }
    }
}
