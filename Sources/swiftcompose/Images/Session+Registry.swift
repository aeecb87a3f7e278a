import ImageStore
import OCI
import Orchestrator
import Registry
import TaskGraph

extension Session {
    /// The registries, asked with the user's logins and proxies.
    func openRegistry() throws(RegistryError) -> Registry {
        let file = Credentials.standardPath(environment: environment)
        return Registry(
            credentials: try Credentials(reading: file, environment: environment),
            environment: environment
        )
    }

    /// So many images are transferred at once: four, unless the user says another number.
    var transfers: Transfers { Transfers(limit: parallelLimit ?? 4) }

    /// Fetches images from registries, side by side.
    func pull(_ host: Host, isQuiet: Bool = false) -> ImageSupply.Pull {
        { orders in
            try await showingProgress("Pulling", isQuiet: isQuiet) { sink in
                let outcomes = await transfers.run(orders, isNeeded: \.isNeeded) { order in
                    try await fetch(
                        order.reference,
                        for: order.platform,
                        into: host.images,
                        telling: sink
                    )
                }
                var images: [ImageOrder: Image] = [:]
                for outcome in outcomes {
                    let order = orders[outcome.node]
                    switch outcome.result {
                    case .success(let image): images[order] = image
                    case .failure(let error) where order.isNeeded:
                        throw ImageOrderFailure(order, reason: "\(error)")
                    case .failure: continue
                    }
                }
                return images
            }
        }
    }

    /// Pulls one image and tells how far it is.
    func fetch(
        _ reference: ImageReference,
        for platform: Platform,
        into store: ImageStore,
        telling sink: @escaping ProgressSink
    ) async throws -> Image {
        let registry = try openRegistry()
        return try await tellingTransfer(of: reference, ("Pulling", "Pulled"), sink) { progress in
            try await registry.pull(
                reference,
                into: store,
                platform: platform,
                progress: progress
            )
        }
    }

    /// Pushes one image of the store and tells how far it is.
    func send(
        _ reference: ImageReference,
        from store: ImageStore,
        telling sink: @escaping ProgressSink
    ) async throws {
        let registry = try openRegistry()
        let image = try image(named: reference.familiar, in: store)
        _ = try await tellingTransfer(of: reference, ("Pushing", "Pushed"), sink) { progress in
            try await registry.push(image, as: reference, from: store, progress: progress)
        }
    }

    private func tellingTransfer<Result>(
        of reference: ImageReference,
        _ words: (doing: String, done: String),
        _ tell: @escaping ProgressSink,
        _ work: (@escaping @Sendable (TransferEvent) -> Void) async throws -> Result
    ) async throws -> Result {
        let object = "Image \(reference.familiar)"
        let doing = words.doing
        let sum = TransferSum()
        tell(ProgressEvent(object, doing, .working))
        do {
            let result = try await work { event in
                guard let detail = sum.take(event) else { return }
                tell(ProgressEvent(object, doing, .working, detail: detail))
            }
            tell(ProgressEvent(object, words.done, .done))
            return result
        } catch {
            let event =
                Task.isCancelled
                ? ProgressEvent(object, "Interrupted", .warning)
                : ProgressEvent(object, "Error", .failed, detail: "\(error)")
            tell(event)
            throw error
        }
    }
}
