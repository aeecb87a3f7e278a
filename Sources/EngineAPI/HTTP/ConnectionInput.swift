import NIOCore
import Synchronization

/// The bytes that a client sends on one connection, read on demand.
///
/// At most one read is pending, so a slow consumer slows the client down instead of filling memory.
final class ConnectionInput: Sendable {
    private struct State {
        var buffered: ByteBuffer?
        var hasEnded = false
        var isReading = false
        var waiting: CheckedContinuation<Void, Never>?
        var endWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter = 0
    }

    /// The most bytes kept while the only wish is to notice the end.
    private static let readAhead = 65_536

    private let channel: any Channel
    private let state = Mutex(State())

    init(_ channel: any Channel) { self.channel = channel }

    /// The next bytes; nil at the end of the input, or when the waiting task is cancelled.
    func next() async -> ByteBuffer? {
        while true {
            let (bytes, hasEnded) = state.withLock { state in
                defer { state.buffered = nil }
                return (state.buffered, state.hasEnded)
            }
            if let bytes { return bytes }
            if hasEnded || Task.isCancelled { return nil }
            await waitForChange()
        }
    }

    /// Puts bytes back that were read too far.
    func putBack(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        state.withLock { state in
            var bytes = bytes
            if var later = state.buffered { bytes.writeBuffer(&later) }
            state.buffered = bytes
        }
    }

    /// Waits until the client has closed its side, or until the waiting task is cancelled.
    func end() async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.hasEnded { state.endWaiters[number] = continuation }
                    return state.hasEnded
                }
                if isOver || Task.isCancelled { wake(number) }
                if isOver { continuation.resume() } else { readAhead() }
            }
        } onCancel: {
            wake(number)
        }
    }

    private func wake(_ number: Int) {
        state.withLock { $0.endWaiters.removeValue(forKey: number) }?.resume()
    }

    private func waitForChange() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.buffered != nil || state.hasEnded || Task.isCancelled { return true }
                    state.waiting = continuation
                    return false
                }
                if isReady { continuation.resume() } else { read() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.waiting = nil }
                return state.waiting
            }?.resume()
        }
    }

    private func read() {
        let begins = state.withLock { state in
            defer { state.isReading = true }
            return !state.isReading && !state.hasEnded
        }
        if begins { channel.read() }
    }

    private func readAhead() {
        let hasRoom = state.withLock { ($0.buffered?.readableBytes ?? 0) < Self.readAhead }
        if hasRoom { read() }
    }

    /// A read that was asked for before the channel was active has not been made.
    fileprivate var awaitsRead: Bool { state.withLock(\.isReading) }

    fileprivate func receive(_ bytes: ByteBuffer) {
        var bytes = bytes
        let (waiting, watchesEnd) = state.withLock { state in
            state.isReading = false
            if state.buffered == nil {
                state.buffered = bytes
            } else {
                state.buffered?.writeBuffer(&bytes)
            }
            defer { state.waiting = nil }
            return (state.waiting, !state.endWaiters.isEmpty)
        }
        waiting?.resume()
        if watchesEnd { readAhead() }
    }

    /// A read that brought nothing, such as one that a signal interrupted.
    fileprivate func readCompleted() {
        let isWanted = state.withLock { state in
            defer { state.isReading = false }
            return state.isReading && (state.waiting != nil || !state.endWaiters.isEmpty)
        }
        if isWanted { readAhead() }
    }

    fileprivate func finish() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { (state.waiting, state.endWaiters) = (nil, [:]) }
            return [state.waiting].compactMap(\.self) + state.endWaiters.values
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Hands what arrives on a channel to a `ConnectionInput`.
final class InputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let input: ConnectionInput

    init(_ input: ConnectionInput) { self.input = input }

    func channelActive(context: ChannelHandlerContext) {
        if input.awaitsRead { context.read() }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        input.receive(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) { input.readCompleted() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { input.finish() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { input.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The peer has reset the connection; nothing more can be sent or received.
        input.finish()
        context.close(promise: nil)
    }
}
