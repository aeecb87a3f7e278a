import Linux
import SystemPackage

/// One connection to a published port and the one to the container, with bytes moving both ways
/// inside the kernel until both sides have finished.
final class StreamRelay {
    /// Bytes on their way from one socket to the other.
    private struct Direction: ~Copyable {
        let pipe: SplicePipe
        /// How many bytes are in the pipe.
        var held = 0
        /// Whether the source will send no more.
        var sourceEnded = false
        /// Whether the target has been told so.
        var isFinished = false

        init() throws(SystemCallError) { pipe = try SplicePipe() }

        /// Reading goes on only when all that was read has been passed on.
        var wantsSource: Bool { !sourceEnded && held == 0 }
        var wantsTarget: Bool { held > 0 }
    }

    private let client: Socket
    private let container: Socket
    private let loop: EventLoop
    private var inward: Direction
    private var outward: Direction
    private var isConnected = false
    private var isOpen = true
    private var timer: EventLoop.Timer?
    private var interests: [Int32: EventLoop.Interest] = [:]
    private var onEnd: () -> Void = {}

    init(
        _ client: consuming Socket,
        target: SocketAddress,
        loop: EventLoop
    ) throws(SystemCallError) {
        let inward = try Direction()
        let outward = try Direction()
        let container = try Socket.stream(to: target)
        self.inward = inward
        self.outward = outward
        self.client = client
        self.container = container
        self.loop = loop
    }

    /// Calls `onEnd` when both connections are closed.
    func start(_ onEnd: @escaping () -> Void) throws(SystemCallError) {
        self.onEnd = onEnd
        client.disableDelay()
        container.disableDelay()
        interests = [container.number: .writing]
        try loop.watch(container.number, for: .writing) { [weak self] ready in
            self?.handle(ready, isClient: false)
        }
        timer = loop.after(.seconds(20)) { [weak self] in self?.abort() }
    }

    /// Breaks both connections.
    func abort() {
        client.resetOnClose()
        container.resetOnClose()
        end()
    }

    private func end() {
        guard isOpen else { return }
        isOpen = false
        if let timer { loop.cancel(timer) }
        for number in interests.keys { loop.unwatch(number) }
        interests = [:]
        onEnd()
    }

    private func handle(_ ready: EventLoop.Interest, isClient: Bool) {
        guard isOpen else { return }
        do {
            guard isConnected else { return try connected() }
            let number = isClient ? client.number : container.number
            // Whoever reports something while nothing is asked of it is broken.
            if interests[number] == [] { return abort() }
            try Self.move(&inward, from: client, to: container)
            try Self.move(&outward, from: container, to: client)
            if inward.isFinished && outward.isFinished { return end() }
            try updateInterests()
        } catch {
            abort()
        }
    }

    private func connected() throws(SystemCallError) {
        guard container.pendingError() == nil else { return abort() }
        isConnected = true
        if let timer { loop.cancel(timer) }
        timer = nil
        interests[client.number] = .reading
        try loop.watch(client.number) { [weak self] ready in self?.handle(ready, isClient: true) }
        try updateInterests()
    }

    /// Moves what can be moved now; but not for ever, others wait too.
    private static func move(
        _ direction: inout Direction,
        from source: borrowing Socket,
        to target: borrowing Socket
    ) throws(SystemCallError) {
        for _ in 0..<16 {
            if direction.held > 0 {
                guard case .moved(let count) = try direction.pipe.drain(to: target, direction.held)
                else { return }
                direction.held -= count
                continue
            }
            guard !direction.sourceEnded else { break }
            switch try direction.pipe.fill(from: source, 1 << 16) {
            case .moved(let count): direction.held += count
            case .ended: direction.sourceEnded = true
            case .blocked: return
            }
        }
        if direction.sourceEnded && direction.held == 0 && !direction.isFinished {
            target.finishWriting()
            direction.isFinished = true
        }
    }

    private func updateInterests() throws(SystemCallError) {
        try update(
            client.number,
            reads: inward.wantsSource,
            writes: outward.wantsTarget,
            isDone: inward.sourceEnded && outward.isFinished
        )
        try update(
            container.number,
            reads: outward.wantsSource,
            writes: inward.wantsTarget,
            isDone: outward.sourceEnded && inward.isFinished
        )
    }

    /// A socket that has finished both ways reports its end for ever, so it is no longer watched.
    private func update(
        _ number: Int32,
        reads: Bool,
        writes: Bool,
        isDone: Bool
    ) throws(SystemCallError) {
        guard let present = interests[number] else { return }
        if isDone {
            interests[number] = nil
            return loop.unwatch(number)
        }
        var wanted: EventLoop.Interest = reads ? .reading : []
        if writes { wanted.insert(.writing) }
        guard wanted != present else { return }
        interests[number] = wanted
        try loop.change(number, to: wanted)
    }
}
