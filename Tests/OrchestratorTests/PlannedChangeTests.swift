import ComposeFile
import Testing

@testable import Orchestrator

struct PlannedChangeTests {
    private func name(_ text: String) -> Plan.ContainerName {
        Plan.ContainerName(id: text, name: text)
    }

    @Test func `the steps of a replacement are one change`() {
        var plan = Plan()
        let change = AttributeChange(path: "environment.MODE", old: "\"a\"", new: "\"b\"")
        let cause = Plan.Cause.attributesChanged([change])
        let new = Plan.NewContainer(
            container: name("new"),
            service: "web",
            number: 1,
            replaces: "old"
        )
        plan.add(.createContainer(new), because: cause)
        plan.add(.stop(name("old")), because: cause)
        plan.add(.remove(name("old")), because: cause)
        plan.add(.start(name("new")), because: cause)
        let changes = PlannedChange.all(in: plan)
        #expect(changes.map(\.action) == [.recreate])
        #expect(changes.first?.cause == "its configuration changed")
        #expect(changes.first?.changes == [change])
    }

    @Test func `a container that is stopped and started is restarted`() {
        var plan = Plan()
        plan.add(.stop(name("web")), because: .dependencyReplaced("db"))
        plan.add(.start(name("web")), because: .dependencyReplaced("db"))
        #expect(PlannedChange.all(in: plan).map(\.action) == [.restart])
    }

    @Test func `what stays is no change`() {
        var plan = Plan()
        plan.add(.keep(name("web")), because: .unchanged)
        plan.add(.stop(name("old")), because: .orphaned)
        plan.add(.remove(name("old")), because: .orphaned)
        let changes = PlannedChange.all(in: plan)
        #expect(changes.map(\.action) == [.remove])
        #expect(changes.map(\.name) == ["old"])
    }
}
