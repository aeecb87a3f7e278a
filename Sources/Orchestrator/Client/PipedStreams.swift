import Linux

/// The standard streams of a command without a pseudo-terminal, with pipes in place of terminals.
///
/// A command that got the user's terminal itself could change its settings or insert input.
final class PipedStreams {
    /// The descriptors for the command, in the order of `StandardStream`; released by `start`.
    private var commandEnds: [Shared<Descriptor>] = []
    private var input: Shared<Descriptor>?
    private var outputs: [(end: Shared<Descriptor>, stream: StandardStream)] = []

    init() throws(SystemCallError) {
        for stream in [StandardStream.input, .output, .error] {
            guard stream.isTerminal else {
                commandEnds.append(Shared(try .duplicating(stream.rawValue)))
                continue
            }
            let pipe = try Pipe()
            if stream == .input {
                commandEnds.append(Shared(try pipe.readEnd.duplicate()))
                input = Shared(pipe.takeWriteEnd())
            } else {
                commandEnds.append(Shared(try pipe.writeEnd.duplicate()))
                try pipe.readEnd.setNonBlocking(true)
                outputs.append((Shared(pipe.takeReadEnd()), stream))
            }
        }
    }

    /// The descriptors for the command's standard streams.
    var descriptors: [Int32] { commandEnds.map { $0.value.number } }

    /// Starts copying, once the descriptors have been sent.
    func start(in loop: EventLoop) throws(SystemCallError) {
        commandEnds = []
        for output in outputs {
            let number = output.end.value.number
            try loop.watch(number) { [unowned loop] _ in
                if !Self.copy(output.end, to: output.stream) { loop.unwatch(number) }
            }
        }
        guard let input else { return }
        self.input = nil
        // Reads until the terminal's input or the command's end, or until this process exits.
        try BackgroundThread.start {
            do throws(SystemCallError) {
                while true {
                    let bytes = try Descriptor.read(from: StandardStream.input.rawValue)
                    if bytes.isEmpty { return }
                    try input.value.write(bytes)
                }
            } catch {
                // The terminal is lost, or the command has closed its input.
            }
        }
    }

    /// Copies the output that the command has left in the pipes.
    func finish() {
        for output in outputs { while Self.copy(output.end, to: output.stream) {} }
    }

    /// Copies available bytes; false if there are none, or none will follow.
    private static func copy(_ source: Shared<Descriptor>, to stream: StandardStream) -> Bool {
        // An error is the lack of bytes for now.
        guard let bytes = try? source.value.read(), !bytes.isEmpty else { return false }
        return stream.write(bytes)
    }
}
