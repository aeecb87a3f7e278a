import Linux
import Testing

@testable import Orchestrator

struct StopDecisionTests {
    @Test(arguments: [
        (Signal.terminate, [Signal.terminate], true, StopDecision.ask(patience: .seconds(10))),
        (.terminate, [.hangUp, .terminate], true, .ask(patience: .seconds(10))),
        (.terminate, [], true, .killAtOnce),
        (.terminate, [.hangUp], true, .killAtOnce),
        (.terminate, [], false, .ask(patience: .seconds(10))),
        (.kill, [.terminate], true, .killAtOnce),
        (.kill, [], false, .killAtOnce),
    ])
    func `nobody waits for a process that cannot hear`(
        signal: Signal,
        heeded: [Signal],
        isInit: Bool,
        expected: StopDecision
    ) {
        let listener = StopDecision.Listener(heeded: Set(heeded), isInit: isInit)
        let decision = StopDecision(signal: signal, grace: .seconds(10), listener: listener)
        #expect(decision == expected)
    }
}
