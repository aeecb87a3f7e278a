import ImageStore
import OCI

/// The files after a step: a stack of layers, lowest first.
struct StepResult: Sendable {
    var layers: [Layer] = []
    /// The digest of the last command below and of all before it; nil if there was none.
    ///
    /// A command that changes no file invalidates later steps all the same once its text changes:
    /// `RUN : 2` is a common way to force that.
    var command: OCI.Digest?

    var chain: ChainID? { layers.last?.chainID }
    /// The chain as text for cache keys.
    var identity: String { chain.map { "\($0)" } ?? "scratch" }
}
