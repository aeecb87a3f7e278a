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

    private var opened: [Opened] = []

    init(_ streams: StandardStreams) throws(RuntimeError) {
        let all = [streams.input, streams.output, streams.error]
        for (index, stream) in all.enumerated() {
            let number = try attempt(.streams) { () throws(SystemCallError) in
                try Self.open(stream, index: Int32(index))
            }
            let isPipe = try attempt(.streams) { () throws(SystemCallError) in
                try Self.isPipe(number, stream)
            }
            opened.append(Opened(number: number, isNull: stream == .null, isPipe: isPipe))
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

    var numbers: [Int32] { opened.map(\.number) }

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
        for (index, stream) in opened.enumerated() {
            try attempt(.streams) { () throws(SystemCallError) in
                if stream.isNull, let null {
                    return try CurrentProcess.useAsStream(null, Int32(index))
                }
                if stream.isPipe && user != 0 {
                    try CurrentProcess.setOwner(of: stream.number, user: user, group: group)
                }
                try CurrentProcess.useAsStream(stream.number, Int32(index))
            }
        }
    }
}
