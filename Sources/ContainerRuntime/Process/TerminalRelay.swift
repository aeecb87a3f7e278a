public import Linux
import SystemPackage

/// Passes bytes between the caller's terminal and a container's, inside an event loop.
public final class TerminalRelay {
    private let loop: EventLoop
    private let console: Descriptor
    private let input: Int32
    private let output: Int32
    private var raw: RawTerminal?
    /// Input that the container's terminal has no room for.
    private var waiting: ArraySlice<UInt8> = []
    /// The kernel does not tell of files when they can be read: they always can.
    private var isFile = false
    private var inputHasEnded = false
    private var isClosed = false
    /// Called once the container's side has no open end left.
    public var onEnd: () -> Void = {}

    /// Takes over `console`, makes the terminal `input` raw, and starts to relay.
    public init(
        _ console: consuming Descriptor,
        input: Int32 = 0,
        output: Int32 = 1,
        in loop: EventLoop
    ) throws(SystemCallError) {
        try console.setNonBlocking(true)
        self.loop = loop
        self.console = console
        self.input = input
        self.output = output
        if Terminal.isTerminal(input) {
            raw = try RawTerminal(input)
            try resize()
        }
        try loop.watch(self.console.number) { [weak self] ready in
            if ready.contains(.writing) { self?.passWaiting() }
            if ready.contains(.reading) { self?.passOutput() }
        }
        do throws(SystemCallError) {
            try waitForInput()
        } catch {
            guard error.reason == .notPermitted else { throw error }
            isFile = true
            try loop.change(self.console.number, to: [.reading, .writing])
        }
    }

    /// Gives the container's terminal the size of the caller's.
    public func resize() throws(SystemCallError) {
        try Terminal.setSize(of: console.number, to: Terminal.size(of: input))
    }

    /// Takes the caller's terminal again after a shell had it.
    public func goOn() throws(SystemCallError) {
        guard let raw else { return }
        try raw.renew()
        try resize()
    }

    /// Passes on what is left and puts the caller's terminal back as it was.
    public func end() {
        loop.unwatch(input)
        loop.unwatch(console.number)
        while passOutputOnce() {}
        raw?.restore()
        raw = nil
    }

    private func waitForInput() throws(SystemCallError) {
        try loop.watch(input) { [weak self] _ in
            self?.readInput()
            self?.passWaiting()
        }
    }

    private func readInput() {
        do throws(SystemCallError) {
            waiting = try Descriptor.read(from: input, upTo: 4096)[...]
            inputHasEnded = waiting.isEmpty
        } catch {
            // Somebody else was faster, or the caller's terminal is gone.
            inputHasEnded = error.reason != .wouldBlock
        }
    }

    /// Reads more only when the terminal has taken what came before, and never waits for it: the
    /// program may wait for us to read first.
    private func passWaiting() {
        do throws(SystemCallError) {
            if isFile, waiting.isEmpty, !inputHasEnded { readInput() }
            waiting = waiting.dropFirst(try console.offer(waiting))
            let hasMore = !waiting.isEmpty || isFile && !inputHasEnded
            try loop.change(console.number, to: hasMore ? [.reading, .writing] : .reading)
            guard !isFile else { return }
            if !waiting.isEmpty || inputHasEnded {
                loop.unwatch(input)
            } else if !loop.isWatching(input) {
                try waitForInput()
            }
        } catch {
            // The container's side is closed, which reading tells as well.
            waiting = []
        }
    }

    private func passOutput() {
        guard !passOutputOnce() else { return }
        // Either all has been read for now, or the container's side is closed.
        guard isClosed else { return }
        loop.unwatch(console.number)
        onEnd()
    }

    /// False when there was nothing.
    private func passOutputOnce() -> Bool {
        do throws(SystemCallError) {
            let bytes = try console.read(upTo: 65_536)
            try Descriptor.write(bytes, to: output)
            isClosed = bytes.isEmpty
            return !bytes.isEmpty
        } catch {
            // The end of a terminal is an error.
            isClosed = error.reason != .wouldBlock
            return false
        }
    }
}
