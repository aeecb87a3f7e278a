public import Linux
import Synchronization
import SystemPackage

/// Copies a descriptor's input into a container's, on a thread of its own.
public final class InputCopy: Sendable {
    /// The reason why the copying ended.
    public enum Ending: Sendable, Equatable {
        /// The source has ended; so does the container's input, if it is configured to.
        case inputEnded
        /// The detach keys were pressed.
        case detached
        case stopped
    }

    private let wakeUp: WakeUp
    private let outcome = Mutex<(ending: Ending?, waiting: [CheckedContinuation<Ending, Never>])>(
        (nil, [])
    )

    /// Starts to copy from the descriptor `source` to `target`, which is non-blocking.
    public init(
        from source: Int32,
        to target: consuming Descriptor,
        until keys: DetachKeys?
    ) throws(SystemCallError) {
        wakeUp = try WakeUp()
        let number = target.release()
        try BackgroundThread.start { [self] in
            let ending: Ending
            do throws(SystemCallError) {
                let relay = try InputRelay(source, Descriptor(owning: number), keys)
                ending = try relay.run(until: wakeUp.descriptor.number)
            } catch {
                // An unreadable source counts as ended.
                ending = .inputEnded
            }
            end(ending)
        }
    }

    /// Waits for the end.
    public func ended() async -> Ending {
        await withCheckedContinuation { continuation in
            let known = outcome.withLock { outcome in
                if outcome.ending == nil { outcome.waiting.append(continuation) }
                return outcome.ending
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Stops copying; pending input is dropped.
    public func stop() { wakeUp.signal() }

    private func end(_ ending: Ending) {
        let waiting = outcome.withLock { outcome in
            outcome.ending = ending
            defer { outcome.waiting = [] }
            return outcome.waiting
        }
        for continuation in waiting { continuation.resume(returning: ending) }
    }
}

/// The body of the thread: reads while there is room, writes while there is input.
private final class InputRelay {
    private let loop: EventLoop
    private let source: Int32
    private let target: Descriptor
    private var scanner: DetachScanner?
    private var waiting: ArraySlice<UInt8> = []
    /// The reason to end once everything has been written.
    private var ending: InputCopy.Ending?
    /// The source is a regular file, which epoll(7) does not support: it is always readable.
    private var isFile = false

    init(
        _ source: Int32,
        _ target: consuming Descriptor,
        _ keys: DetachKeys?
    ) throws(SystemCallError) {
        loop = try EventLoop()
        self.source = source
        self.target = target
        scanner = keys.map(DetachScanner.init)
    }

    func run(until wakeUp: Int32) throws(SystemCallError) -> InputCopy.Ending {
        try loop.watch(wakeUp) { [unowned self] _ in
            ending = .stopped
            loop.stop()
        }
        do throws(SystemCallError) {
            try waitForInput()
        } catch {
            guard error.reason == .notPermitted else { throw error }
            isFile = true
            try waitForRoom()
        }
        try loop.run()
        return ending ?? .stopped
    }

    private func waitForInput() throws(SystemCallError) {
        try loop.watch(source) { [unowned self] _ in
            read()
            write()
        }
    }

    private func waitForRoom() throws(SystemCallError) {
        try loop.watch(target.number, for: .writing) { [unowned self] _ in
            if isFile, waiting.isEmpty { read() }
            write()
        }
    }

    private func read() {
        do throws(SystemCallError) {
            let bytes = try Descriptor.read(from: source)
            if bytes.isEmpty { ending = .inputEnded }
            guard let passed = scanner?.pass(bytes) else {
                waiting = bytes[...]
                return
            }
            waiting = passed.bytes[...]
            if passed.isDetached { ending = .detached }
        } catch {
            // Another process was faster, or the terminal has been closed.
            if error.reason != .wouldBlock { ending = .inputEnded }
        }
    }

    private func write() {
        do throws(SystemCallError) {
            waiting = waiting.dropFirst(try target.offer(waiting))
            if waiting.isEmpty {
                if ending != nil { return loop.stop() }
                guard !isFile else { return }
                loop.unwatch(target.number)
                if !loop.isWatching(source) { try waitForInput() }
            } else if !isFile {
                loop.unwatch(source)
                if !loop.isWatching(target.number) { try waitForRoom() }
            }
        } catch {
            ending = .stopped
            loop.stop()
        }
    }
}
