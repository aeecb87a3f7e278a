import Testing

@testable import Orchestrator

struct RestartDecisionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: RestartRule
        var exitCode: Int32?
        var runTime: Duration = .seconds(1)
        var wasStopped = false
        var restarts = 0
        var previous: Duration?
        var delay: Duration?

        var testDescription: String { "\(rule), status \(exitCode.map(String.init) ?? "?")" }
    }

    static let cases: [Case] = [
        Case(rule: .never, exitCode: 1),
        Case(rule: .always, exitCode: 0, delay: .milliseconds(100)),
        Case(rule: .always, exitCode: 0, wasStopped: true),
        Case(rule: .unlessStopped, exitCode: 3, delay: .milliseconds(100)),
        Case(rule: .unlessStopped, exitCode: 3, wasStopped: true),
        Case(rule: .onFailure(limit: 0), exitCode: 0),
        Case(rule: .onFailure(limit: 0), exitCode: 1, restarts: 500, delay: .milliseconds(100)),
        Case(rule: .onFailure(limit: 3), exitCode: 1, restarts: 2, delay: .milliseconds(100)),
        Case(rule: .onFailure(limit: 3), exitCode: 1, restarts: 3),
        Case(rule: .onFailure(limit: 0), exitCode: nil, delay: .milliseconds(100)),
        Case(
            rule: .always,
            exitCode: 1,
            previous: .milliseconds(100),
            delay: .milliseconds(200)
        ),
        Case(rule: .always, exitCode: 1, previous: .seconds(40), delay: .seconds(60)),
        Case(rule: .always, exitCode: 1, previous: .seconds(60), delay: .seconds(60)),
        Case(
            rule: .always,
            exitCode: 1,
            runTime: .seconds(10),
            previous: .seconds(60),
            delay: .milliseconds(100)
        ),
    ]

    @Test func `delay and attempts of a restart policy are honoured`() {
        let pacing = RestartPacing(delay: .seconds(5), attempts: 2, window: .seconds(30))
        var ending = RestartDecision.Ending(
            exitCode: 1,
            runTime: .seconds(1),
            wasStopped: false,
            restarts: 0,
            previousDelay: nil
        )
        for attempt in 1...2 {
            let decision = RestartDecision(.always, pacing, after: ending)
            #expect(decision.delay == .seconds(5))
            #expect(decision.attempts == attempt)
            ending.attempts = decision.attempts
        }
        #expect(RestartDecision(.always, pacing, after: ending).delay == nil)
        ending.runTime = .seconds(30)
        let succeeded = RestartDecision(.always, pacing, after: ending)
        #expect(succeeded.delay == .seconds(5))
        #expect(succeeded.attempts == 1)
    }

    @Test(arguments: cases)
    func `a container is restarted according to its rule`(_ given: Case) {
        let ending = RestartDecision.Ending(
            exitCode: given.exitCode,
            runTime: given.runTime,
            wasStopped: given.wasStopped,
            restarts: given.restarts,
            previousDelay: given.previous
        )
        #expect(RestartDecision(given.rule, after: ending).delay == given.delay)
    }
}
