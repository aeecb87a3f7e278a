import SystemPackage
import Testing

@testable import Orchestrator

struct DebouncerTests {
    private let start = ContinuousClock.now
    private let step = Debouncer.pause / 2

    @Test func `a batch closes after a pause without changes`() {
        var debouncer = Debouncer()
        #expect(debouncer.deadline == nil)
        debouncer.add(["/a"], at: start)
        debouncer.add(["/b"], at: start + step)
        debouncer.add([], at: start + step * 2)
        #expect(debouncer.take(at: start + step * 2) == nil)
        #expect(debouncer.deadline == start + step + Debouncer.pause)
        #expect(debouncer.take(at: start + step * 3) == ["/a", "/b"])
        #expect(debouncer.take(at: start + step * 9) == nil)
        #expect(debouncer.deadline == nil)
    }

    @Test func `continuous changes do not keep a batch open indefinitely`() {
        var debouncer = Debouncer()
        var now = start
        while debouncer.take(at: now) == nil {
            debouncer.add(["/log"], at: now)
            now += step
        }
        #expect(now <= start + Debouncer.limit + step)
        #expect(now >= start + Debouncer.limit)
    }
}
