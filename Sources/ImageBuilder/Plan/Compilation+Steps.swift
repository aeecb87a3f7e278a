import Dockerfile
import OCI

extension Compilation {
    /// Adds what one instruction asks for to the graph and to the stage.
    func compile(
        _ instruction: Instruction,
        with compiler: inout StageCompiler,
        _ key: StageKey
    ) async throws(BuildError) {
        do {
            if try compiler.configure(instruction) { return }
        } catch {
            throw BuildError(.dockerfile(error))
        }
        switch instruction.content {
        case .workdir:
            let operation: Operation
            do { operation = try compiler.workingDirectory(instruction) } catch {
                throw BuildError(.dockerfile(error))
            }
            add(operation, for: instruction, with: &compiler)
        case .copy(let transfer), .add(let transfer):
            try await compile(transfer, instruction, with: &compiler, key)
        case .run(let form):
            try await compile(form, instruction, with: &compiler, key)
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

    private func compile(
        _ transfer: Transfer,
        _ instruction: Instruction,
        with compiler: inout StageCompiler,
        _ key: StageKey
    ) async throws(BuildError) {
        try refuseRemote(transfer, instruction)
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
        let step = try compiler.transfer(instruction, transfer, from: source)
        add(.transfer(step), for: instruction, reading: sources, with: &compiler)
    }

    /// ADD of what is not in the context, and flags that only that has.
    private func refuseRemote(
        _ transfer: Transfer,
        _ instruction: Instruction
    ) throws(BuildError) {
        guard instruction.keyword == .add else { return }
        let prefixes = ["http://", "https://", "git@", "git://", "ssh://"]
        for path in transfer.sources where prefixes.contains(where: path.hasPrefix) {
            let place = "\(instruction.position): ADD \(path)"
            throw BuildError(
                .unsupported(place, remedy: "fetch it with RUN, or put it into the context")
            )
        }
        for name in ["checksum", "keep-git-dir"] where instruction.flag(name) != nil {
            throw BuildError(
                .unsupported(
                    "\(instruction.position): ADD --\(name)",
                    remedy: "it is for remote sources, which are not supported either"
                )
            )
        }
    }

    private func compile(
        _ form: CommandForm,
        _ instruction: Instruction,
        with compiler: inout StageCompiler,
        _ key: StageKey
    ) async throws(BuildError) {
        var mounts: [RunStep.Mount] = []
        var sources: [Vertex] = []
        for text in instruction.flags("mount") {
            let (options, written): (MountOptions, String)
            do { (options, written) = try compiler.mount(text, instruction) } catch {
                throw BuildError(.dockerfile(error))
            }
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
    /// The same fault with the Dockerfile's lines that led to it, unless it has some.
    func located(at origin: Origin) -> BuildError {
        guard excerpt == nil else { return self }
        var error = self
        error.excerpt = origin.excerpt
        return error
    }
}
