import Testing

@testable import Orchestrator

struct EarlyProbesTests {
    @Test func `pauses double until the regular probe comes first`() {
        var probes = EarlyProbes()
        var regular = Duration.seconds(1)
        var pauses: [Duration] = []
        while let pause = probes.next(before: regular) {
            pauses.append(pause)
            regular -= pause
        }
        #expect(pauses == [5, 10, 20, 40, 80, 160, 320].map { .milliseconds($0) })
    }

    @Test func `a long interval costs few early probes`() {
        var probes = EarlyProbes()
        var regular = Duration.seconds(3600)
        var count = 0
        while let pause = probes.next(before: regular) {
            count += 1
            regular -= pause
        }
        #expect(count == 19)
    }

    @Test func `after the pauses have reached the interval only regular probes follow`() {
        var probes = EarlyProbes()
        for _ in 0..<8 { _ = probes.next(before: .seconds(1)) }
        #expect(probes.next(before: .seconds(1)) == nil)
        #expect(probes.next(before: .seconds(1)) == nil)
    }
}
