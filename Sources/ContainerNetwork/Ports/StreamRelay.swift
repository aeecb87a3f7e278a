import Linux
import SystemPackage

/// A connection to a published port and the one to the container. The kernel moves bytes in both
/// directions until both sides have finished.
final class StreamRelay {
    /// One direction of the relay.
    private struct Direction: ~Copyable {
        let pipe: SplicePipe
        /// The number of bytes in the pipe.
        var held = 0
        /// Whether the source has finished sending.
        var sourceEnded = false
        /// Whether the target has been shut down for writing.
        var isFinished = false

        init() throws(SystemCallError) { pipe = try SplicePipe() }

        /// Reads only after everything read before has been written.
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
            // An event without interest is an error or a hang-up.
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

    /// Moves available bytes, at most 16 pieces at a time so that other connections get their turn.
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

    /// A socket that has finished in both directions reports its end forever, so it is unwatched.
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
