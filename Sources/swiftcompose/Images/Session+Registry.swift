import ImageStore
import OCI
import Orchestrator
import Registry
import TaskGraph

extension Session {
    /// The registries, with the user's logins and proxies.
    func openRegistry() throws(RegistryError) -> Registry {
        let file = Credentials.standardPath(environment: environment)
        return Registry(
            credentials: try Credentials(reading: file, environment: environment),
            environment: environment
        )
    }

    /// Parallel transfers: four unless `--parallel` gives another number.
    var transfers: Transfers { Transfers(limit: parallelLimit ?? 4) }

    /// Pulls images from registries in parallel, showing progress.
    func pull(_ host: Host, isQuiet: Bool = false) -> ImageSupply.Pull {
        { orders in
            try await showingProgress("Pulling", isQuiet: isQuiet) { progress in
                try await transfers.pull(orders) { order in
                    try await fetch(
                        order.reference,
                        for: order.platform,
                        into: host.images,
                        progress: progress
                    )
                }
            }
        }
    }

    /// Pulls one image and reports its progress.
    func fetch(
        _ reference: ImageReference,
        for platform: Platform,
        into store: ImageStore,
        progress: @escaping ProgressSink
    ) async throws -> Image {
        let registry = try openRegistry()
        return try await reportTransfer(of: reference, ("Pulling", "Pulled"), progress) {
            progress in
            try await registry.pull(reference, into: store, platform: platform, progress: progress)
        }
    }

    /// Pushes one image of the store and reports its progress.
    func send(
        _ reference: ImageReference,
        from store: ImageStore,
        progress: @escaping ProgressSink
    ) async throws {
        if global.dryRun {
            let object = "Image \(reference.familiar)"
            return ProgressEvent.rehearse(object, "Pushing", "Pushed", to: progress)
        }
        let registry = try openRegistry()
        let image = try image(named: reference.familiar, in: store)
        _ = try await reportTransfer(of: reference, ("Pushing", "Pushed"), progress) { progress in
            try await registry.push(image, as: reference, from: store, progress: progress)
        }
    }

    private func reportTransfer<Result>(
        of reference: ImageReference,
        _ words: (doing: String, done: String),
        _ progress: @escaping ProgressSink,
        _ transfer: (@escaping @Sendable (TransferEvent) -> Void) async throws -> Result
    ) async throws -> Result {
        let object = "Image \(reference.familiar)"
        let isPull = words.done == "Pulled"
        let layers = LayerProgress(
            image: object,
            doing: isPull ? "Downloading" : "Pushing",
            done: isPull ? "Pull complete" : "Pushed"
        )
        progress(ProgressEvent(object, words.doing, .working))
        do {
            let result = try await transfer { event in
                if let event = layers.event(for: event) { progress(event) }
            }
            progress(ProgressEvent(object, words.done, .done))
            return result
        } catch {
            let event =
                Task.isCancelled
                ? ProgressEvent(object, "Interrupted", .warning)
                : ProgressEvent(object, "Error", .failed, detail: "\(error)")
            progress(event)
            throw error
        }
    }
}
