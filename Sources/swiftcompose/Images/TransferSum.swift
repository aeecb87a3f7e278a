import OCI
import Registry
import Synchronization

/// Adds up how far the layers of an image are.
final class TransferSum: Sendable {
    private struct Layers {
        var moved: [Digest: Int64] = [:]
        var sizes: [Digest: Int64] = [:]
        /// What was told last.
        var text = ""
    }

    private let layers = Mutex(Layers())

    /// Such as `12MB / 48MB`; nil when that says nothing new.
    func take(_ event: TransferEvent) -> String? {
        guard case .layer(let digest, .moving(let moved, of: let size)) = event else { return nil }
        return layers.withLock { layers in
            layers.moved[digest] = moved
            layers.sizes[digest] = size
            let sum = layers.moved.values.reduce(Int64(0)) { $0.addingSaturated($1) }
            let whole = layers.sizes.values.reduce(Int64(0)) { $0.addingSaturated($1) }
            let text = "\(Self.megabytes(sum)) / \(Self.megabytes(whole))"
            if text == layers.text { return nil }
            layers.text = text
            return text
        }
    }

    private static func megabytes(_ bytes: Int64) -> String { "\(bytes / 1_000_000)MB" }
}
