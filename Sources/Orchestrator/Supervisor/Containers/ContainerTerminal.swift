import Linux
import SystemPackage

/// The near side of a container's terminal: what it shows goes into the FIFO of its output, what is
/// written to the container's input goes in.
final class ContainerTerminal {
    /// A terminal hands over 4 KiB at most at a time; so many pieces are taken at once.
    private static let batch = 64

    private let console: Descriptor
    /// The FIFO that `attach` writes to, if the container takes input.
    private let input: Descriptor
    private let takesInput: Bool
    private let loop: EventLoop
    /// Input that the terminal has no room for.
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

    /// The near side's descriptor.
    var number: Int32 { console.number }

    /// Moves what is shown into the FIFO of `log` from now on, and calls `carry` each time.
    func begin(_ log: ContainerLog, carry: @escaping () -> Void) throws(SystemCallError) {
        try loop.watch(console.number) { [unowned self] ready in
            if ready.contains(.writing) { passWaiting() }
            if ready.contains(.reading) { drain(into: log, carry) }
        }
        guard takesInput else { return }
        try loop.watch(input.number) { [unowned self] _ in passInput() }
    }

    /// Moves what is left, and watches no more; `carry` makes room in the FIFO.
    func end(_ log: ContainerLog, carry: () -> Void) {
        carry()
        while !hasEnded, drain(into: log, carry) {}
        loop.unwatch(console.number)
        loop.unwatch(input.number)
    }

    /// The kernel tells the program, if the size is another one.
    func resize(to size: Terminal.Size) throws(SystemCallError) {
        try Terminal.setSize(of: console.number, to: size)
    }

    /// False when there was nothing.
    @discardableResult
    private func drain(into log: ContainerLog, _ carry: () -> Void) -> Bool {
        var hasMoved = false
        do throws(SystemCallError) {
            for _ in 0..<Self.batch {
                guard try log.take(.output, from: console) else { break }
                hasMoved = true
            }
        } catch {
            // The other side is closed: the end of a terminal is an error.
            end()
        }
        if hasMoved { carry() }
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
            // Nothing there for now.
        }
    }

    /// More is read from the FIFO only when the terminal has taken what came before.
    private func passWaiting() {
        do throws(SystemCallError) {
            waiting = waiting.dropFirst(try console.offer(waiting))
            guard takesInput, !hasEnded else { return }
            try loop.change(console.number, to: waiting.isEmpty ? .reading : [.reading, .writing])
            try loop.change(input.number, to: waiting.isEmpty ? .reading : [])
        } catch {
            // The other side is closed, which reading tells as well.
            waiting = []
        }
    }
}
