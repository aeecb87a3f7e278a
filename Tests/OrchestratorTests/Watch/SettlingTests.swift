import SystemPackage
import Testing

@testable import Orchestrator

/// When a batch of changes is closed.
struct SettlingTests {
    private let start = ContinuousClock.now
    private let step = Settling.pause / 2

    @Test func `a batch is closed a moment after the last change`() {
        var settling = Settling()
        #expect(settling.deadline == nil)
        settling.add(["/a"], at: start)
        settling.add(["/b"], at: start + step)
        settling.add([], at: start + step * 2)
        #expect(settling.take(at: start + step * 2) == nil)
        #expect(settling.deadline == start + step + Settling.pause)
        #expect(settling.take(at: start + step * 3) == ["/a", "/b"])
        #expect(settling.take(at: start + step * 9) == nil)
        #expect(settling.deadline == nil)
    }

    @Test func `changes without end do not keep a batch open for ever`() {
        var settling = Settling()
        var now = start
        while settling.take(at: now) == nil {
            settling.add(["/log"], at: now)
            now += step
        }
        #expect(now <= start + Settling.limit + step)
        #expect(now >= start + Settling.limit)
    }
}
