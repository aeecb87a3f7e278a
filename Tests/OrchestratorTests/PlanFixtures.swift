import Linux
import OCI

@testable import Orchestrator

/// Builds desired services and existing containers for tests of planning.
enum Fixture {
    static let image = digest("a")

    static func digest(_ digit: Character) -> Digest {
        let text = "sha256:" + String(repeating: digit, count: 64)
        guard let digest = try? Digest(text) else { preconditionFailure("not a digest: \(text)") }
        return digest
    }

    static func service(
        _ name: String,
        after dependencies: [DesiredDependency] = [],
        replicas: Int = 1,
        hash: String = "1",
        networks: [String] = ["demo_default"]
    ) -> DesiredService {
        DesiredService(
            name: name,
            replicas: replicas,
            containerName: nil,
            configHash: hash,
            imageID: image,
            networks: networks,
            volumes: [],
            dependencies: dependencies
        )
    }

    static func needs(
        _ service: String,
        _ condition: DesiredDependency.Condition = .started,
        restarts: Bool = false
    ) -> DesiredDependency {
        DesiredDependency(
            service: service,
            condition: condition,
            restarts: restarts,
            isRequired: true
        )
    }

    static func project(_ services: DesiredService...) -> DesiredProject {
        DesiredProject(
            name: "demo",
            services: services,
            declaredServices: Set(services.map(\.name)),
            networks: [
                DesiredResource(name: "demo_default", configHash: "n", isExternal: false)
            ],
            volumes: []
        )
    }

    static func container(
        _ service: String,
        _ number: Int = 1,
        id: String? = nil,
        status: ContainerState.Status = .running,
        hash: String = "1",
        dependsOn: String = "",
        created: Int64 = 0
    ) -> ExistingContainer {
        var record = ContainerRecord(
            id: id ?? "old-\(service)-\(number)",
            name: "demo-\(service)-\(number)",
            project: "demo",
            service: service,
            number: number,
            image: "image",
            imageID: image,
            command: ["true"],
            created: Timestamp(seconds: created)
        )
        record.labels = [ComposeLabel.configHash: hash, ComposeLabel.dependsOn: dependsOn]
        record.network = .attached([NetworkAttachment(network: "demo_default")])
        return ExistingContainer(record: record, state: ContainerState(status: status))
    }

    /// A container of `run`.
    static func oneOff(
        _ service: String,
        id: String = "once",
        status: ContainerState.Status
    ) -> ExistingContainer {
        var container = container(service, 0, id: id, status: status)
        container.record.isOneOff = true
        container.record.name = "demo-\(service)-run-\(id)"
        return container
    }

    static let network = ExistingResource(name: "demo_default", configHash: "n", project: "demo")

    static func plan(
        _ project: DesiredProject,
        from snapshot: Snapshot = Snapshot(),
        _ change: (inout UpPlanner.Options) -> Void = { _ in }
    ) throws -> Plan {
        var options = UpPlanner.Options()
        change(&options)
        var count = 0
        return try UpPlanner.plan(project, from: snapshot, options: options) {
            count += 1
            return "new-\(count)"
        }
    }
}

extension Plan {
    /// One line for each operation: its number, action and the operations it waits for.
    var summary: [String] {
        operations.map { operation in
            let after = operation.after.sorted().map(String.init).joined(separator: ",")
            return "\(operation.id) \(operation.action.summary)"
                + (after.isEmpty ? "" : " <- \(after)")
        }
    }
}

extension Plan.Action {
    fileprivate var summary: String {
        switch self {
        case .createNetwork(let name): "create network \(name)"
        case .removeNetwork(let name): "remove network \(name)"
        case .createVolume(let name): "create volume \(name)"
        case .removeVolume(let name): "remove volume \(name)"
        case .createContainer(let new):
            "create \(new.container.name)" + (new.replaces.map { " for \($0)" } ?? "")
        case .initialize(let container, _, let step): "initialize \(container.id) \(step)"
        case .start(let container): "start \(container.id)"
        case .startStandby(let container): "start standby \(container.id)"
        case .promote(let container, let other): "promote \(container.id) over \(other.id)"
        case .monitor(let container, let time): "monitor \(container.id) \(time)"
        case .drain(let container): "drain \(container.id)"
        case .roll(let rollout):
            "roll \(rollout.service) \(rollout.steps.map(\.new.id).joined(separator: " "))"
        case .stop(let container): "stop \(container.id)"
        case .remove(let container): "remove \(container.id)"
        case .keep(let container): "keep \(container.id)"
        case .await(let container, let condition, _): "await \(container.id) \(condition)"
        }
    }
}
