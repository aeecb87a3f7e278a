public import Linux
import SystemPackage

/// Relays bytes between the caller's terminal and a container's, inside an event loop.
public final class TerminalRelay {
    private let loop: EventLoop
    private let console: Descriptor
    private let input: Int32
    private let output: Int32
    private var raw: RawTerminal?
    /// Input that the container's terminal has not accepted yet.
    private var waiting: ArraySlice<UInt8> = []
    /// Whether the input is a regular file, which epoll(7) does not support: it is always readable.
    private var isFile = false
    private var inputHasEnded = false
    private var isClosed = false
    /// Called when the last descriptor of the container's side has been closed.
    public var onEnd: () -> Void = {}

    /// Takes ownership of `console`, makes the terminal `input` raw, and starts relaying.
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
            if ready.contains(.writing) { self?.relayInput() }
            if ready.contains(.reading) { self?.relayOutput() }
        }
        do throws(SystemCallError) {
            try waitForInput()
        } catch {
            guard error.reason == .notPermitted else { throw error }
            isFile = true
            try loop.change(self.console.number, to: [.reading, .writing])
        }
    }

    /// Sets the size of the container's terminal to that of the caller's.
    public func resize() throws(SystemCallError) {
        try Terminal.setSize(of: console.number, to: Terminal.size(of: input))
    }

    /// Makes the caller's terminal raw again after a shell used it.
    public func resume() throws(SystemCallError) {
        guard let raw else { return }
        try raw.renew()
        try resize()
    }

    /// Relays the remaining output and restores the caller's terminal.
    public func end() {
        loop.unwatch(input)
        loop.unwatch(console.number)
        while relayOutputOnce() {}
        raw?.restore()
        raw = nil
    }

    private func waitForInput() throws(SystemCallError) {
        try loop.watch(input) { [weak self] _ in
            self?.readInput()
            self?.relayInput()
        }
    }

    private func readInput() {
        do throws(SystemCallError) {
            waiting = try Descriptor.read(from: input, upTo: 4096)[...]
            inputHasEnded = waiting.isEmpty
        } catch {
            // Another process has read the input, or the caller's terminal is closed.
            inputHasEnded = error.reason != .wouldBlock
        }
    }

    /// Reads more input only after the terminal has accepted the previous, without waiting: the
    /// program may be waiting for its output to be read first.
    private func relayInput() {
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
            // The container's side is closed, which reading detects too.
            waiting = []
        }
    }

    private func relayOutput() {
        guard !relayOutputOnce() else { return }
        // Either all output has been read for now, or the container's side is closed.
        guard isClosed else { return }
        loop.unwatch(console.number)
        onEnd()
    }

    /// Returns false when there was no output.
    private func relayOutputOnce() -> Bool {
        do throws(SystemCallError) {
            let bytes = try console.read(upTo: 65_536)
            try Descriptor.write(bytes, to: output)
            isClosed = bytes.isEmpty
            return !bytes.isEmpty
        } catch {
            // Reading a terminal whose other side is closed fails with EIO.
            isClosed = error.reason != .wouldBlock
            return false
        }
    }
}
