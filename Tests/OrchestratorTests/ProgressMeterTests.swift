import Synchronization
import Testing

@testable import Orchestrator

struct ProgressMeterTests {
    /// A meter of 100 bytes, on a clock that the test sets.
    private struct Fixture {
        private final class State: Sendable {
            let elapsed = Mutex(Duration.zero)
            let events = Mutex<[ProgressEvent]>([])
        }

        private let state = State()
        let meter: ProgressMeter

        init() {
            let (state, start) = (state, ContinuousClock.now)
            meter = ProgressMeter(
                "Volume data",
                "Populating",
                "Populated",
                total: 100,
                now: { start + state.elapsed.withLock(\.self) },
                progress: { event in state.events.withLock { $0.append(event) } }
            )
        }

        var events: [ProgressEvent] { state.events.withLock(\.self) }

        func advance(by bytes: Int64, at milliseconds: Int) {
            state.elapsed.withLock { $0 = .milliseconds(milliseconds) }
            meter.advance(by: bytes)
        }
    }

    @Test func `work of a moment is not reported`() {
        let fixture = Fixture()
        fixture.advance(by: 60, at: 100)
        fixture.advance(by: 40, at: 499)
        fixture.meter.finish()
        #expect(fixture.events.isEmpty)
    }

    @Test func `longer work is reported at most ten times a second, and its end`() {
        let fixture = Fixture()
        for milliseconds in [100, 500, 550, 600, 699] { fixture.advance(by: 10, at: milliseconds) }
        fixture.meter.finish()
        #expect(fixture.events.map(\.word) == ["Populating", "Populating", "Populated"])
        #expect(fixture.events.compactMap(\.amount?.current) == [20, 40])
        #expect(fixture.events.last?.stage == .done)
    }
}
