import ImageStore
import OCI

/// The files after a step: a stack of layers, lowest first.
struct StepResult: Sendable {
    var layers: [Layer] = []
    /// The definition of the last command below, with all before it; nil when none was run.
    ///
    /// A command that changes no file still tells later steps to run again once it is worded
    /// anew: `RUN : 2` is how people say so.
    var command: OCI.Digest?

    var chain: ChainID? { layers.last?.chainID }
}
