import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// The containers of one project that its supervisor manages.
final class SupervisedContainers {
    let environment: SupervisorEnvironment
    private(set) var byID: [String: SupervisedContainer] = [:]
    /// Whether everything that an earlier supervisor left has been taken over.
    private(set) var hasTakenOver = false
    /// Called when a container becomes inactive.
    var onInactive: () -> Void = {}

    init(_ environment: SupervisorEnvironment) { self.environment = environment }

    var all: some Collection<SupervisedContainer> { byID.values }

    /// Finds a container by id, or by its name in this project.
    func find(_ idOrName: String) -> SupervisedContainer? {
        if let known = byID[idOrName] { return known }
        guard let found = try? SupervisedContainer(idOrName, among: self) else {
            return all.first { $0.record.name == idOrName }
        }
        byID[idOrName] = found
        return found
    }

    /// Takes over the containers that an earlier supervisor left running or waiting.
    func takeOver() {
        defer { hasTakenOver = true }
        let files = environment.files
        do {
            guard FileSystem.exists(files.containers) else { return }
            for id in try FileSystem.entries(of: files.containers) where !id.hasPrefix(".") {
                do {
                    let container = try SupervisedContainer(id, among: self)
                    container.takeOver()
                    if container.isActive || container.awaitsRemoval { byID[id] = container }
                } catch {
                    // Incompletely created; the command that creates it starts over.
                    environment.log("container \(id) is skipped: \(error)")
                }
            }
            environment.keeper.dropAll(but: all.filter(\.isActive).map(\.id))
            for container in all { container.takeOverNetwork() }
        } catch {
            environment.log("cannot list containers: \(error)")
        }
    }

    /// Kills and deletes a container whose records cannot be read.
    func discard(_ id: String, _ reply: @escaping RequestReply) {
        guard let container = byID[id] else { return removeRemains(of: id, reply) }
        // A container that was started before its records were damaged is still supervised.
        container.stop(grace: .zero) { [unowned self] _ in
            byID[id] = nil
            removeRemains(of: id, reply)
        }
    }

    private func removeRemains(of id: String, _ reply: RequestReply) {
        do {
            try ContainerRemains(id: id, environment: environment).remove()
            reply(.success(()))
        } catch {
            let reason = "cannot remove container \(id.prefix(12)): \(error)"
            reply(.failure(RequestFailure(reason: reason)))
        }
        onInactive()
    }

    /// Registers everything that must outlive this supervisor with a new keeper.
    func registerWithKeeper() {
        for container in all { container.registerWithKeeper() }
    }

    /// Removes the containers of `run --rm` whose commands have exited.
    func removeForgotten() {
        for container in all { container.removeIfForgotten() }
    }

    /// Drops inactive containers; returns false if others remain.
    func dropInactive() -> Bool {
        byID = byID.filter { $0.value.isActive || $0.value.awaitsRemoval }
        return byID.isEmpty
    }
}
