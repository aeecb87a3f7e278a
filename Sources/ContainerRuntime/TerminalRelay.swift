public import Linux
import SystemPackage

/// Passes bytes between the caller's terminal and a container's, inside an event loop.
public final class TerminalRelay {
    private let loop: EventLoop
    private let console: Descriptor
    private let input: Int32
    private let output: Int32
    private var raw: RawTerminal?
    /// Called once the container's side has no open end left.
    public var onEnd: () -> Void = {}

    /// Takes over `console`, makes the terminal `input` raw, and starts to relay.
    public init(
        _ console: consuming Descriptor,
        input: Int32 = 0,
        output: Int32 = 1,
        in loop: EventLoop
    ) throws(SystemCallError) {
        self.loop = loop
        self.console = console
        self.input = input
        self.output = output
        if Terminal.isTerminal(input) {
            raw = try RawTerminal(input)
            try resize()
        }
        do throws(SystemCallError) {
            try loop.watch(input) { [weak self] _ in self?.passInput() }
            try loop.watch(self.console.number) { [weak self] _ in self?.passOutput() }
        } catch {
            // A file or /dev/null cannot be waited for; it is passed on as the container takes it.
            guard error.reason == .notPermitted else { throw error }
            try loop.watch(self.console.number, for: [.reading, .writing]) { [weak self] ready in
                if ready.contains(.writing) { self?.passFile() }
                if ready.contains(.reading) { self?.passOutput() }
            }
        }
    }

    private func passFile() {
        if copy(from: input, to: console.number, upTo: 1_024) { return }
        // Nothing more to come: only the container's side counts from now on.
        try? loop.change(console.number, to: .reading)
    }

    /// Gives the container's terminal the size of the caller's.
    public func resize() throws(SystemCallError) {
        try Terminal.setSize(of: console.number, to: Terminal.size(of: input))
    }

    /// Passes on what is left and puts the caller's terminal back as it was.
    public func end() {
        loop.unwatch(input)
        loop.unwatch(console.number)
        // What is still to be read ends with an error; a terminal that is gone needs nothing.
        try? console.setNonBlocking(true)
        while copy(from: console.number, to: output) {}
        raw?.restore()
        raw = nil
    }

    private func passInput() {
        if !copy(from: input, to: console.number) { loop.unwatch(input) }
    }

    private func passOutput() {
        guard !copy(from: console.number, to: output) else { return }
        loop.unwatch(console.number)
        onEnd()
    }

    /// False at the end of `source`, which a terminal tells by an error.
    private func copy(from source: Int32, to target: Int32, upTo limit: Int = 65_536) -> Bool {
        do {
            let bytes = try Descriptor.read(from: source, upTo: limit)
            try Descriptor.write(bytes, to: target)
            return !bytes.isEmpty
        } catch {
            return false
        }
    }
}
