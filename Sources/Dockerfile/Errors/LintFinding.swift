/// A violation of a build check, which does not prevent the build.
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

    public var rule: Rule
    public var message: String
    public var position: SourcePosition
}

extension LintFinding: CustomStringConvertible {
    /// `RULE: MESSAGE (line N)`.
    public var description: String { "\(rule.rawValue): \(message) (line \(position.line))" }
}
