/// `wait`: the exits of services' containers.
public struct ExitWait: Sendable {
    private let session: ProjectSession
    private let services: [String]

    public init(_ session: ProjectSession, services: [String]) {
        self.session = session
        self.services = services
    }

    /// Waits until the running containers of the services have exited, or only the first of them,
    /// and returns the last exit status; nil if none of them runs.
    ///
    /// `report` is called with each container's id and status, which is nil where it is unknown.
    public func run(
        firstOnly: Bool,
        report: @Sendable (String, Int32?) -> Void
    ) async throws -> Int32? {
        try await session.withSupervisor { client in
            // Subscribed before the containers are listed, so that no exit is missed.
            let events = try await client.events()
            let store = ContainerStore(session.paths)
            let running = try store.containers(of: session.project)
                .filter { services.contains($0.record.service) && $0.isRunning }
            guard !running.isEmpty else { return nil }
            var waiting = Set(running.map(\.id))
            var status: Int32 = 0
            for await event in events where waiting.contains(event.container) {
                let code: Int32?
                switch event.kind {
                case .died(let exitCode, nil): code = exitCode
                // A container that waited for its restart is stopped without a further exit.
                case .stopped:
                    code = try store.container(event.container, of: session.project)?
                        .state.exitCode
                default: continue
                }
                report(event.container, code)
                status = code ?? 1
                waiting.remove(event.container)
                if firstOnly || waiting.isEmpty { break }
            }
            return status
        }
    }
}
