/// The meaning of a name in FROM, `--from` or a mount's `from`.
public enum StageReference: Sendable, Equatable {
    /// The stage with this index.
    case stage(Int)
    /// An image or a named context.
    case external(String)
}

extension Dockerfile {
    /// Resolves `name` in the FROM of the stage at `index`: an earlier stage, or an image.
    public func base(_ name: String, ofStage index: Int) -> StageReference {
        let earlier = stages[..<index].last { $0.base.alias == name.lowercased() }
        return earlier.map { .stage($0.index) } ?? .external(name)
    }

    /// Resolves `--from=name` in the stage at `index`; a number is the index of a stage.
    public func source(
        _ name: String,
        inStage index: Int,
        at position: SourcePosition
    ) throws(DockerfileError) -> StageReference {
        let lowered = name.lowercased()
        if let stage = stages[..<index].last(where: { $0.base.alias == lowered }) {
            return .stage(stage.index)
        }
        if let number = Int(name) {
            guard number >= 0, number < index else {
                throw DockerfileError(.laterStage(name), at: position)
            }
            return .stage(number)
        }
        if stages[index...].contains(where: { $0.base.alias == lowered }) {
            throw DockerfileError(.laterStage(name), at: position)
        }
        return .external(name)
    }

    /// The stage named `name`; the last one if `name` is nil or empty.
    public func target(_ name: String?) throws(DockerfileError) -> Stage {
        let file = stages[0].from.position.file
        guard let name, !name.isEmpty else { return stages[stages.count - 1] }
        if let stage = stages.last(where: { $0.base.alias == name.lowercased() }) { return stage }
        throw DockerfileError(
            .unknownStage(name, known: stages.compactMap(\.base.alias)),
            at: SourcePosition(file: file, line: 1)
        )
    }

    /// The stages that `target` needs, including itself, in the order of the file.
    ///
    /// `base` returns the expanded name in the FROM of a stage.
    public func stages(
        neededFor target: Stage,
        base: (Stage) throws(DockerfileError) -> String
    ) throws(DockerfileError) -> [Stage] {
        var needed: Set<Int> = []
        var pending = [target.index]
        while let index = pending.popLast() {
            guard needed.insert(index).inserted else { continue }
            for reference in try references(of: stages[index], base: base(stages[index])) {
                if case .stage(let other) = reference { pending.append(other) }
            }
        }
        return stages.filter { needed.contains($0.index) }
    }

    private func references(
        of stage: Stage,
        base name: String
    ) throws(DockerfileError) -> [StageReference] {
        var references = [base(name, ofStage: stage.index)]
        for instruction in stage.instructions {
            for name in instruction.sourceNames {
                references.append(
                    try source(name, inStage: stage.index, at: instruction.position)
                )
            }
        }
        return references
    }
}

extension Instruction {
    /// The names that `--from` and mounts of this instruction use.
    public var sourceNames: [String] {
        if let from = flag("from") { return [from] }
        return flags("mount").compactMap { text in
            MountOptions.fields(text).first { $0.hasPrefix("from=") }
                .map { String($0.dropFirst("from=".count)) }
                .flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}
