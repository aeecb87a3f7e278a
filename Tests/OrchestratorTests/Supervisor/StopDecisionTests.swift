import Linux
import Testing

@testable import Orchestrator

struct StopDecisionTests {
    @Test func `a process that ignores the stop signal is killed at once`() {
        let deaf = StopDecision.Listener(handled: [], ignored: [.terminate], isInit: false)
        let decision = StopDecision(signal: .terminate, grace: .seconds(10), listener: deaf)
        #expect(decision == .killAtOnce)
        let later = StopDecision.Listener(
            handled: [.terminate],
            ignored: [.terminate],
            isInit: true
        )
        #expect(
            StopDecision(signal: .terminate, grace: .seconds(10), listener: later)
                == .ask(patience: .seconds(10))
        )
    }

    @Test(arguments: [
        (Signal.terminate, [Signal.terminate], true, StopDecision.ask(patience: .seconds(10))),
        (.terminate, [.hangUp, .terminate], true, .ask(patience: .seconds(10))),
        (.terminate, [], true, .killAtOnce),
        (.terminate, [.hangUp], true, .killAtOnce),
        (.terminate, [], false, .ask(patience: .seconds(10))),
        (.kill, [.terminate], true, .killAtOnce),
        (.kill, [], false, .killAtOnce),
    ])
    func `PID 1 without a handler is killed at once`(
        signal: Signal,
        handled: [Signal],
        isInit: Bool,
        expected: StopDecision
    ) {
        let listener = StopDecision.Listener(handled: Set(handled), isInit: isInit)
        let decision = StopDecision(signal: signal, grace: .seconds(10), listener: listener)
        #expect(decision == expected)
    }
}
