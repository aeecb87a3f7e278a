/// A build stage: FROM and the instructions up to the next FROM.
public struct Stage: Sendable, Equatable {
    public var from: Instruction
    /// The arguments of FROM.
    public var base: StageBase
    /// The instructions after FROM.
    public var instructions: [Instruction]
    /// The position among the stages, from 0.
    public var index: Int

    /// The alias, or else the index as text.
    public var name: String { base.alias ?? String(index) }
}
