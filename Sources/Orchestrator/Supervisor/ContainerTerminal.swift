import Linux
import SystemPackage

/// The near side of a container's terminal: what it shows goes into the log, what is written to
/// the container's input goes in.
///
/// A terminal hangs up with whoever holds this side, so such a container does not outlive a
/// supervisor that is killed, unless it pays no heed to SIGHUP.
final class ContainerTerminal {
    private let console: Descriptor
    /// The FIFO that `attach` writes to, if the container takes input.
    private let input: Descriptor
    private let takesInput: Bool
    private let loop: EventLoop

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

    /// Hands what is shown to `take`, from now on.
    func begin(_ take: @escaping ([UInt8]) -> Void) throws(SystemCallError) {
        try loop.watch(console.number) { [unowned self] _ in drain(take) }
        guard takesInput else { return }
        try loop.watch(input.number) { [unowned self] _ in passInput() }
    }

    /// Hands over what is left, and watches no more.
    func end(_ take: ([UInt8]) -> Void) {
        drain(take)
        loop.unwatch(console.number)
        loop.unwatch(input.number)
    }

    private func drain(_ take: ([UInt8]) -> Void) {
        do throws(SystemCallError) {
            while true {
                let bytes = try console.read()
                if bytes.isEmpty { return loop.unwatch(console.number) }
                take(bytes)
            }
        } catch {
            // Nothing for now, or the other side is closed: the end of a terminal is an error.
            if error.reason != .wouldBlock { loop.unwatch(console.number) }
        }
    }

    private func passInput() {
        do throws(SystemCallError) {
            // A terminal takes this much at a time; more waits in the FIFO.
            try console.write(try input.read(upTo: 1024))
        } catch {
            // A program that does not read its terminal loses what no longer fits, as everywhere.
        }
    }
}
