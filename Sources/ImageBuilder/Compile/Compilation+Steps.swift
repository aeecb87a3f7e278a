import Dockerfile
import OCI

extension Compilation {
    /// Adds the step or setting of one instruction to the graph or the stage.
    func compileInstruction(
        _ instruction: Instruction,
        with compiler: inout StageCompiler,
        _ key: StageKey
    ) async throws(BuildError) {
        if try BuildError.during(reading: compiler.configure(instruction)) { return }
        switch instruction.content {
        case .workdir:
            let operation = try BuildError.during(
                reading: compiler.workingDirectory(instruction)
            )
            add(operation, for: instruction, with: &compiler)
        case .copy(let transfer), .add(let transfer):
            try await compileTransfer(transfer, instruction, with: &compiler, key)
        case .run(let form):
            try await compileRun(form, instruction, with: &compiler, key)
        default: preconditionFailure("\(instruction.keyword) makes no step")
        }
    }

    private func add(
        _ operation: Operation,
        for instruction: Instruction,
        reading sources: [Vertex] = [],
        with compiler: inout StageCompiler,
        text: String? = nil
    ) {
        compiler.state.vertex = graph.add(
            operation,
            over: compiler.state.vertex,
            reading: sources,
            name: compiler.nextName(instruction),
            origin: compiler.origin(instruction),
            ignoresCache: compiler.ignoresCache
        )
        compiler.state.record(text ?? instruction.source, isEmpty: false, at: time)
    }

    private func compileTransfer(
        _ transfer: Transfer,
        _ instruction: Instruction,
        with compiler: inout StageCompiler,
        _ key: StageKey
    ) async throws(BuildError) {
        var source = TransferStep.Source.context(compiler.context)
        var sources: [Vertex] = []
        if let name = instruction.flag("from") {
            switch try await self.source(named: name, at: instruction.position, key) {
            case .context(let context): source = .context(context)
            case .step(let vertex):
                source = .stage
                sources = vertex.map { [$0] } ?? []
            }
        }
        var step = try compiler.transfer(instruction, transfer, from: source)
        if instruction.keyword == .add { try await fetchRemote(for: &step, instruction, compiler) }
        add(.transfer(step), for: instruction, reading: sources, with: &compiler)
    }

    private func compileRun(
        _ form: CommandForm,
        _ instruction: Instruction,
        with compiler: inout StageCompiler,
        _ key: StageKey
    ) async throws(BuildError) {
        var mounts: [RunStep.Mount] = []
        var sources: [Vertex] = []
        for text in instruction.flags("mount") {
            let (options, written) = try BuildError.during(
                reading: compiler.mount(text, instruction)
            )
            var mount = RunStep.Mount(options: options, text: written, source: .none)
            if let name = options.from {
                switch try await source(named: name, at: instruction.position, key) {
                case .context(let context): mount.source = .context(context)
                case .step(let vertex?):
                    mount.source = .stage(sources.count)
                    sources.append(vertex)
                case .step(nil): break
                }
            } else if options.kind == .bind {
                mount.source = .context(compiler.context)
            }
            mounts.append(mount)
        }
        let step = try compiler.run(instruction, form, mounts: mounts)
        let text = "RUN " + step.arguments.joined(separator: " ")
        add(.run(step), for: instruction, reading: sources, with: &compiler, text: text)
    }
}

extension BuildError {
    /// The same error with the lines of `origin`, unless it has lines already.
    func located(at origin: Origin) -> BuildError {
        guard excerpt == nil else { return self }
        var error = self
        error.excerpt = origin.excerpt
        return error
    }
}
