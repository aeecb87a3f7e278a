import ComposeFile
import OCI
import Testing

@testable import Orchestrator

struct OneOffTests {
    private func applied(
        to change: (inout Service) -> Void,
        asking ask: (inout OneOff) -> Void = { _ in }
    ) -> Service {
        var service = Service(name: "web")
        change(&service)
        var oneOff = OneOff(of: "web")
        ask(&oneOff)
        return oneOff.applied(
            to: service,
            of: Project(name: "demo", workingDirectory: "/demo")
        )
    }

    @Test func `restart policy, ports and container name of the service are dropped`() {
        let service = applied(
            to: { service in
                service.restart = .always
                service.deploy = Deploy()
                service.deploy?.restartPolicy = DeployRestartPolicy()
                service.ports = [Port(target: 80)]
                service.containerName = "the-only-one"
                service.scale = 3
            }
        )
        #expect(service.restart == nil)
        #expect(service.deploy?.restartPolicy == nil)
        #expect(service.ports.isEmpty)
        #expect(service.containerName?.hasPrefix("demo-web-run-") == true)
        #expect(service.containerName?.count == "demo-web-run-".count + 12)
        #expect(service.replicas == 1)
    }

    @Test func `the ports of the service are kept on request`() {
        let service = applied(to: { $0.ports = [Port(target: 80)] }, asking: { $0.ports = nil })
        #expect(service.ports.map(\.target) == [80])
    }

    @Test func `an entrypoint drops the service's command but not the given one`() {
        let change = { (service: inout Service) in service.command = ["serve"] }
        #expect(applied(to: change).command == ["serve"])
        #expect(applied(to: change, asking: { $0.entrypoint = ["sh"] }).command == [])
        let both = applied(
            to: change,
            asking: { oneOff in
                oneOff.entrypoint = ["sh"]
                oneOff.command = ["-c", "true"]
            }
        )
        #expect(both.entrypoint == ["sh"])
        #expect(both.command == ["-c", "true"])
    }

    @Test func `given variables, labels and capabilities override the service's`() {
        let service = applied(
            to: { service in
                service.environment = ["A": "file", "B": "file"]
                service.labels = ["l": "file"]
                service.addedCapabilities = ["NET_ADMIN"]
                service.droppedCapabilities = ["CHOWN"]
            },
            asking: { oneOff in
                oneOff.environment = ["A": "given"]
                oneOff.labels = ["l": "given"]
                oneOff.addedCapabilities = ["CHOWN"]
                oneOff.droppedCapabilities = ["NET_ADMIN"]
            }
        )
        #expect(service.environment == ["A": "given", "B": "file"])
        #expect(service.labels == ["l": "given"])
        #expect(service.addedCapabilities == ["CHOWN"])
        #expect(service.droppedCapabilities == ["NET_ADMIN"])
    }

    @Test func `labels mark a one-off container and give it no number`() throws {
        var design = DesignFixture.design { $0.restart = .always }
        var oneOff = OneOff(of: "web")
        oneOff.removesItself = true
        (design.oneOff, design.number) = (oneOff, 0)
        let record = try design.record(created: .init(seconds: 0), mounts: MountDesign())
        #expect(record.labels[ComposeLabel.oneOff] == "True")
        #expect(record.labels[ComposeLabel.slug] == oneOff.slug)
        #expect(record.labels[ComposeLabel.containerNumber] == nil)
        #expect(record.isOneOff)
        #expect(record.removesItself)
        #expect(record.restart == .never)
    }

    @Test(
        arguments: [
            (false, ["demo-web-1", "0123456789ab"]),
            (true, ["web", "demo-web-1", "0123456789ab", "other"]),
        ] as [(Bool, [String])]
    )
    func `a one-off container has the service's aliases only on request`(
        usesAliases: Bool,
        names: [String]
    ) throws {
        var design = DesignFixture.design { service in
            service.networks["front"] = ServiceNetwork()
            service.networks["front"]?.aliases = ["other"]
        }
        var oneOff = OneOff(of: "web")
        oneOff.usesAliases = usesAliases
        design.oneOff = oneOff
        guard case .attached(let attachments) = design.networkUse else {
            Issue.record("not attached")
            return
        }
        #expect(attachments.map(\.aliases) == [names])
    }

    @Test func `a record of an older version without removesItself is decoded`() throws {
        let record = Fixture.container("web").record
        let text = String(decoding: try JSONLine.encode(record), as: UTF8.self)
        let older = text.replacing(",\"removesItself\":false", with: "")
        #expect(older != text)
        #expect(try JSONLine.decode(ContainerRecord.self, from: Array(older.utf8)) == record)
    }
}
