import Testing

@testable import Orchestrator

private typealias Activity = ContainerActivity<Int, String, String, String, String>

struct ContainerActivityTests {
    private let states: [Activity] = [
        .inactive, .awaitingRestart(7), .starting("startup", heldBack: [{}]),
        .running("run", nil), .running("run", "hooks"),
        .stopping("run", "stop", nil), .stopping("run", "stop", "hooks"), .removed,
    ]

    @Test func `a run exists while the program runs or is being stopped`() {
        let withRun = states.filter { $0.run == "run" }
        #expect(withRun.map(\.text) == ["running", "running+hooks", "stopping", "stopping+hooks"])
    }

    @Test func `only inactive and removed containers let the supervisor exit`() {
        let idle = states.filter { !$0.isActive }
        #expect(idle.map(\.text) == ["inactive", "removed"])
    }

    @Test func `a pending restart is cancelled with its timer`() {
        #expect(transitions { $0.cancelRestart() == 7 } == ["awaitingRestart -> inactive"])
    }

    @Test func `actions are held back only during a start`() {
        #expect(transitions { $0.holdBack {} } == ["starting(1) -> starting(2)"])
    }

    @Test func `the end of a start returns the actions in the order of their arrival`() {
        #expect(transitions { $0.endStart()?.count == 1 } == ["starting(1) -> inactive"])
        var order: [Int] = []
        var activity = Activity.starting("startup", heldBack: [])
        for number in 1...3 {
            let isHeldBack = activity.holdBack { order.append(number) }
            #expect(isHeldBack)
        }
        for action in activity.endStart() ?? [] { action() }
        #expect(order == [1, 2, 3])
    }

    @Test func `a stop begins only for a running program and keeps its hooks`() {
        let expected = ["running -> stopping", "running+hooks -> stopping+hooks"]
        #expect(transitions { $0.beginStop("stop") == "run" } == expected)
    }

    @Test func `an abandoned stop leaves the program running with its hooks`() {
        let expected = ["stopping -> running", "stopping+hooks -> running+hooks"]
        #expect(transitions { $0.abandonStop().map { $0 == ("run", "stop") } == true } == expected)
    }

    @Test func `hooks end once, also during a stop`() {
        let expected = ["running+hooks -> running", "stopping+hooks -> stopping"]
        #expect(transitions { $0.endHooks() == "hooks" } == expected)
    }

    @Test func `the end of a run returns the hooks and the stop that were in progress`() {
        var ends: [String] = []
        let changes = transitions { activity in
            guard let end = activity.endRun() else { return false }
            ends.append([end.hooks, end.stop].compactMap(\.self).joined(separator: "+"))
            return true
        }
        #expect(
            changes == [
                "running -> inactive", "running+hooks -> inactive", "stopping -> inactive",
                "stopping+hooks -> inactive",
            ]
        )
        #expect(ends == ["", "hooks", "stop", "hooks+stop"])
    }

    /// Applies a transition to each state and lists the changes; where it returns false, the state
    /// must be unchanged.
    private func transitions(_ apply: (inout Activity) -> Bool) -> [String] {
        states.compactMap { state in
            var changed = state
            guard apply(&changed) else {
                #expect(changed.text == state.text)
                return nil
            }
            return "\(state.text) -> \(changed.text)"
        }
    }
}

extension Activity {
    /// The state with the objects that distinguish its variants.
    fileprivate var text: String {
        switch self {
        case .inactive: "inactive"
        case .awaitingRestart: "awaitingRestart"
        case .starting(_, let heldBack): "starting(\(heldBack.count))"
        case .running(_, let hooks): "running" + (hooks.map { "+\($0)" } ?? "")
        case .stopping(_, _, let hooks): "stopping" + (hooks.map { "+\($0)" } ?? "")
        case .removed: "removed"
        }
    }
}
