import ImageStore

/// The files after a step: a stack of layers, lowest first.
struct StepResult: Sendable {
    var layers: [Layer] = []

    var chain: ChainID? { layers.last?.chainID }
}
