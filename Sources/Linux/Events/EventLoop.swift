import CLinux
import Glibc

/// Waits for many descriptors and timers on one thread, without polling.
///
/// Every handler runs inside `run()`, one at a time. Source: epoll(7), signalfd(2).
public final class EventLoop {
    /// The events a descriptor is watched for. Errors and hang-ups count as both.
    public struct Interest: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let reading = Interest(rawValue: EPOLLIN.rawValue)
        public static let writing = Interest(rawValue: EPOLLOUT.rawValue)
    }

    /// Identifies a pending timer.
    public struct Timer: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Deadline {
        var instant: ContinuousClock.Instant
        var handler: () -> Void
    }

    private let epoll: Descriptor
    private var watchers: [Int32: (Interest) -> Void] = [:]
    private var deadlines: [UInt64: Deadline] = [:]
    private var lastTimer: UInt64 = 0
    private var isRunning = false
    private let clock = ContinuousClock()

    public init() throws(SystemCallError) {
        epoll = Descriptor(
            owning: try systemCall("epoll_create1", "event loop") {
                epoll_create1(Int32(EPOLL_CLOEXEC))
            }
        )
    }

    /// Calls `handler` whenever `descriptor` is ready, until `unwatch`.
    ///
    /// The caller keeps the descriptor open until then, and unwatches it before closing it.
    public func watch(
        _ descriptor: Int32,
        for interest: Interest = .reading,
        handler: @escaping (Interest) -> Void
    ) throws(SystemCallError) {
        let number = epoll.number
        try systemCall("epoll_ctl", "descriptor \(descriptor)") {
            clinux_epoll_add(number, descriptor, interest.rawValue)
        }
        watchers[descriptor] = handler
    }

    public func isWatching(_ descriptor: Int32) -> Bool { watchers[descriptor] != nil }

    /// Changes the events a descriptor is watched for; the empty set pauses it.
    public func change(_ descriptor: Int32, to interest: Interest) throws(SystemCallError) {
        let number = epoll.number
        try systemCall("epoll_ctl", "descriptor \(descriptor)") {
            clinux_epoll_modify(number, descriptor, interest.rawValue)
        }
    }

    /// Stops watching `descriptor`; does nothing if it is not watched.
    public func unwatch(_ descriptor: Int32) {
        guard watchers.removeValue(forKey: descriptor) != nil else { return }
        _ = clinux_epoll_remove(epoll.number, descriptor)
    }

    /// Calls `handler` once, after `delay`.
    @discardableResult
    public func after(_ delay: Duration, handler: @escaping () -> Void) -> Timer {
        lastTimer += 1
        deadlines[lastTimer] = Deadline(instant: clock.now + delay, handler: handler)
        return Timer(number: lastTimer)
    }

    public func cancel(_ timer: Timer) { deadlines[timer.number] = nil }

    /// Handles events until `stop()` is called from a handler.
    public func run() throws(SystemCallError) {
        isRunning = true
        while isRunning {
            try turn()
        }
    }

    public func stop() { isRunning = false }

    /// Waits once and handles the events that occurred.
    private func turn() throws(SystemCallError) {
        for (descriptor, ready) in try wait() where isRunning {
            watchers[descriptor]?(ready)
        }
        let now = clock.now
        let due = deadlines.filter { $0.value.instant <= now }.sorted { $0.key < $1.key }
        for (number, deadline) in due where isRunning && deadlines[number] != nil {
            deadlines[number] = nil
            deadline.handler()
        }
    }

    private func wait() throws(SystemCallError) -> [(Int32, Interest)] {
        let number = epoll.number
        let timeout = nextTimeout
        return try unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) {
            buffer throws(SystemCallError) in
            let count = try systemCall("epoll_wait", "event loop") {
                unsafe clinux_epoll_wait(number, buffer.baseAddress, 64, timeout)
            }
            return (0..<Int(count)).map { index in
                unsafe (
                    clinux_event_descriptor(&buffer[index]), Self.interest(buffer[index].events)
                )
            }
        }
    }

    /// The nanoseconds until the earliest deadline; negative when there is none.
    private var nextTimeout: Int64 {
        guard let earliest = deadlines.values.map(\.instant).min() else { return -1 }
        let left = min(max(.zero, earliest - clock.now), .seconds(1 << 32)).components
        return left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000
    }

    private static func interest(_ events: UInt32) -> Interest {
        let ended = EPOLLERR.rawValue | EPOLLHUP.rawValue
        return events & ended != 0 ? [.reading, .writing] : Interest(rawValue: events)
    }
}
