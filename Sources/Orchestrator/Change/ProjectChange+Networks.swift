extension ProjectChange {
    /// Connects a container to a further network, at once if it runs, and by each of its starts.
    ///
    /// As with Docker, it is found there by its own name and the attachment's aliases, but not by
    /// that of its service.
    public func connect(_ container: String, to attachment: NetworkAttachment) async throws {
        try await changeNetworks(of: container) { record, attachments in
            guard !attachments.contains(where: { $0.network == attachment.network }) else {
                throw OrchestratorError.alreadyConnected(record.name, network: attachment.network)
            }
            attachments.append(attachment)
        }
    }

    /// Disconnects a container from a network, at once if it runs, and for its further starts.
    public func disconnect(_ container: String, from network: String) async throws {
        try await changeNetworks(of: container) { record, attachments in
            guard let index = attachments.firstIndex(where: { $0.network == network }) else {
                throw OrchestratorError.notConnected(record.name, network: network)
            }
            attachments.remove(at: index)
        }
    }

    /// Removes the other name by which a container finds another.
    public func removeLink(_ alias: String, of container: String) async throws {
        try await changeNetworks(of: container) { _, attachments in
            for index in attachments.indices { attachments[index].links[alias] = nil }
        }
    }

    /// Changes a container's record, which the supervisor then applies; an error restores it.
    private func changeNetworks(
        of id: String,
        _ change: (ContainerRecord, inout [NetworkAttachment]) throws -> Void
    ) async throws {
        try await whileLocked {
            guard let container = try host.containers.container(id, of: project) else {
                throw OrchestratorError.noContainerNamed(id)
            }
            let old = container.record
            guard case .attached(var attachments) = old.network else {
                throw OrchestratorError.notConnectable(old.name, mode: old.network.mode)
            }
            try change(old, &attachments)
            guard !isDryRun else { return }
            var new = old
            new.network = .attached(attachments)
            let file = host.paths.project(project).container(id).record
            try JSONFile.write(new, to: file)
            do {
                guard container.isRunning else { return }
                try await withClient { try await $0.request(.reconnect(container: id)) }
            } catch {
                try JSONFile.write(old, to: file)
                // The first error is the one to report; the container keeps what still works.
                try? await withClient { try await $0.request(.reconnect(container: id)) }
                throw error
            }
        }
    }
}

extension NetworkUse {
    /// The value of `network_mode`, for a message.
    fileprivate var mode: String {
        switch self {
        case .attached: "networks"
        case .host: "the host's network"
        case .none: "no network"
        case .container: "the network of another container"
        }
    }
}
