/// Something that builds, but that a careful reader would mend.
public struct LintFinding: Sendable, Equatable {
    /// The checks, named as BuildKit names them.
    public enum Rule: String, Sendable, CaseIterable {
        case consistentInstructionCasing = "ConsistentInstructionCasing"
        case duplicateStageName = "DuplicateStageName"
        case fromAsCasing = "FromAsCasing"
        case jsonArgsRecommended = "JSONArgsRecommended"
        case legacyKeyValueFormat = "LegacyKeyValueFormat"
        case maintainerDeprecated = "MaintainerDeprecated"
        case multipleInstructionsDisallowed = "MultipleInstructionsDisallowed"
        case noEmptyContinuation = "NoEmptyContinuation"
        case reservedStageName = "ReservedStageName"
        case stageNameCasing = "StageNameCasing"
    }

    /// Which check.
    public var rule: Rule
    /// What it found.
    public var message: String
    /// Where.
    public var position: SourcePosition
}

extension LintFinding: CustomStringConvertible {
    /// `RULE: what (line N)`.
    public var description: String { "\(rule.rawValue): \(message) (line \(position.line))" }
}
