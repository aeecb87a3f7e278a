import Linux
import SystemPackage

/// The master side of a container's terminal: moves its output into the container's output FIFO and
/// the container's input into the terminal.
final class ContainerTerminal {
    /// Reads per turn; the kernel returns at most 4 KiB from a terminal at a time.
    private static let batch = 64

    private let console: Descriptor
    /// The FIFO that `attach` writes to; `/dev/null` for a container without input.
    private let input: Descriptor
    private let takesInput: Bool
    private let loop: EventLoop
    /// Input for which the terminal has no room yet.
    private var waiting: ArraySlice<UInt8> = []
    private var hasEnded = false

    init(
        _ console: consuming Descriptor,
        input path: FilePath?,
        loop: EventLoop
    ) throws(SystemCallError) {
        try console.setNonBlocking(true)
        self.console = console
        self.loop = loop
        takesInput = path != nil
        input = try Descriptor.open(path ?? "/dev/null", [.readingAndWriting, .nonBlocking])
    }

    /// The master side's descriptor.
    var number: Int32 { console.number }

    /// Moves output into the FIFO of `log` from now on, and calls `pump` each time.
    func begin(_ log: ContainerLog, pump: @escaping () -> Void) throws(SystemCallError) {
        try loop.watch(console.number) { [unowned self] ready in
            if ready.contains(.writing) { passWaiting() }
            if ready.contains(.reading) { drain(into: log, pump) }
        }
        guard takesInput else { return }
        try loop.watch(input.number) { [unowned self] _ in passInput() }
    }

    /// Moves the remaining output and stops watching; `pump` makes room in the FIFO.
    func end(_ log: ContainerLog, pump: () -> Void) {
        pump()
        while !hasEnded, drain(into: log, pump) {}
        loop.unwatch(console.number)
        loop.unwatch(input.number)
    }

    /// The kernel sends SIGWINCH to the program if the size has changed.
    func resize(to size: Terminal.Size) throws(SystemCallError) {
        try Terminal.setSize(of: console.number, to: size)
    }

    /// Returns false if there was no output.
    @discardableResult
    private func drain(into log: ContainerLog, _ pump: () -> Void) -> Bool {
        var hasMoved = false
        do throws(SystemCallError) {
            for _ in 0..<Self.batch {
                guard try log.take(.output, from: console) else { break }
                hasMoved = true
            }
        } catch {
            // The other side is closed: the kernel reports a terminal's end as an error.
            end()
        }
        if hasMoved { pump() }
        return hasMoved
    }

    private func end() {
        hasEnded = true
        loop.unwatch(console.number)
        loop.unwatch(input.number)
    }

    private func passInput() {
        do throws(SystemCallError) {
            waiting = try input.read(upTo: 4096)[...]
            passWaiting()
        } catch {
            // Nothing to read at present.
        }
    }

    /// Reads more from the FIFO only when the terminal has taken the previous input.
    private func passWaiting() {
        do throws(SystemCallError) {
            waiting = waiting.dropFirst(try console.offer(waiting))
            guard takesInput, !hasEnded else { return }
            try loop.change(console.number, to: waiting.isEmpty ? .reading : [.reading, .writing])
            try loop.change(input.number, to: waiting.isEmpty ? .reading : [])
        } catch {
            // The other side is closed, which reading reports as well.
            waiting = []
        }
    }
}
