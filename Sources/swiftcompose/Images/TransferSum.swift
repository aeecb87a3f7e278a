import OCI
import Registry
import Synchronization

/// Sums up the bytes transferred of an image's layers.
final class TransferSum: Sendable {
    private struct Layers {
        var moved: [Digest: Int64] = [:]
        var sizes: [Digest: Int64] = [:]
        /// The text returned last.
        var text = ""
    }

    private let layers = Mutex(Layers())

    /// Returns a text such as `12MB / 48MB`, or nil if it has not changed.
    func add(_ event: TransferEvent) -> String? {
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
