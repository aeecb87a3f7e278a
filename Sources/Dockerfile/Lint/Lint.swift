/// Applies the build checks to a Dockerfile while it is parsed.
struct Lint {
    private(set) var findings: [LintFinding] = []
    private let skipped: Set<String>
    private var capitals: Bool?

    init(directives: Directives) { skipped = Set(directives.skippedChecks.map { $0.lowercased() }) }

    private mutating func add(
        _ rule: LintFinding.Rule,
        _ message: String,
        _ position: SourcePosition
    ) {
        guard !skipped.contains("all"), !skipped.contains(rule.rawValue.lowercased()) else {
            return
        }
        findings.append(LintFinding(rule: rule, message: message, position: position))
    }

    mutating func read(_ statement: Statement, _ instruction: Instruction) {
        let position = instruction.position
        if statement.hasEmptyContinuation {
            add(.noEmptyContinuation, "Empty continuation line", position)
        }
        readCase(of: statement.keyword.string, at: position)
        switch instruction.content {
        case .from(let base) where base.hasMixedCase:
            add(.fromAsCasing, "'as' and 'FROM' keywords' casing do not match", position)
        case .cmd(.shell), .entrypoint(.shell):
            let name = instruction.keyword.rawValue
            let advice =
                "JSON arguments recommended for \(name) to prevent unintended behavior "
                + "related to OS signals"
            add(.jsonArgsRecommended, advice, position)
        case .env(let pairs) where pairs.contains(where: \.isLegacy),
            .label(let pairs) where pairs.contains(where: \.isLegacy):
            let name = instruction.keyword.rawValue
            let advice =
                "\"\(name) key=value\" should be used instead of legacy "
                + "\"\(name) key value\" format"
            add(.legacyKeyValueFormat, advice, position)
        case .maintainer:
            add(
                .maintainerDeprecated,
                "Maintainer instruction is deprecated in favor of using label",
                position
            )
        default: break
        }
    }

    private mutating func readCase(of word: String, at position: SourcePosition) {
        let isUpper = word == word.uppercased()
        guard isUpper || word == word.lowercased(), let capitals else {
            if capitals == nil { capitals = isUpper }
            return
        }
        guard isUpper != capitals else { return }
        let majority = capitals ? "uppercase" : "lowercase"
        add(
            .consistentInstructionCasing,
            "Command '\(word)' should match the case of the command majority (\(majority))",
            position
        )
    }

    mutating func read(_ stages: [Stage]) {
        var names: Set<String> = []
        for stage in stages {
            if let alias = stage.base.alias {
                readName(alias, written: stage.base.writtenAlias ?? alias, of: stage)
                if !names.insert(alias).inserted {
                    let message = "Duplicate stage name \"\(alias)\", stage names should be unique"
                    add(.duplicateStageName, message, stage.from.position)
                }
            }
            for keyword in [Instruction.Keyword.cmd, .entrypoint, .healthcheck] {
                let same = stage.instructions.filter { $0.keyword == keyword }
                for instruction in same.dropLast() {
                    let message =
                        "Multiple \(keyword.rawValue) instructions should not be used in "
                        + "the same stage because only the last one will be used"
                    add(.multipleInstructionsDisallowed, message, instruction.position)
                }
            }
        }
    }

    private mutating func readName(_ alias: String, written: String, of stage: Stage) {
        if written != alias {
            let message = "Stage name '\(written)' should be lowercase"
            add(.stageNameCasing, message, stage.from.position)
        }
        if ["scratch", "context"].contains(alias) {
            let message = "Stage name should not use the same name as reserved stage \"\(alias)\""
            add(.reservedStageName, message, stage.from.position)
        }
    }
}
