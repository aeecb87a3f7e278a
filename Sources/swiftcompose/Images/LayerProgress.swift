import OCI
import Orchestrator
import Registry

/// The progress of an image's layers, each an object below the image.
struct LayerProgress: Sendable {
    let image: String
    /// `Downloading` or `Pushing`.
    let doing: String
    /// `Pull complete` or `Pushed`.
    let done: String

    /// Returns the progress that `event` reports; nil for events that are not about a layer.
    func event(for event: TransferEvent) -> ProgressEvent? {
        guard case .layer(let digest, let state) = event else { return nil }
        let layer = String(digest.hex.prefix(12))
        return switch state {
        case .present: ProgressEvent(layer, "Already exists", .done, parent: image)
        case .moving(let current, of: let total):
            ProgressEvent(
                layer,
                doing,
                .working,
                parent: image,
                amount: .init(current, of: total)
            )
        case .done: ProgressEvent(layer, done, .done, parent: image)
        }
    }
}
