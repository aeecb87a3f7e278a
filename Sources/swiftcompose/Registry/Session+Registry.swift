import ImageStore
import OCI
import Orchestrator
import Registry

extension Session {
    /// The registries, asked with the user's logins and proxies.
    func openRegistry() throws(RegistryError) -> Registry {
        let file = Credentials.standardPath(environment: environment)
        return Registry(
            credentials: try Credentials(reading: file, environment: environment),
            environment: environment
        )
    }

    /// Fetches images from registries.
    func pull(_ machine: Machine, isQuiet: Bool = false) -> ImageSupply.Pull {
        { reference, platform in
            try await showingProgress("Pulling", isQuiet: isQuiet) { sink in
                try await fetch(reference, for: platform, into: machine.images, telling: sink)
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
            tell(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
            throw error
        }
    }
}
