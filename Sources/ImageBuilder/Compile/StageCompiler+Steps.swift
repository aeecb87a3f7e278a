import Dockerfile
import Linux
import Notation
import OCI

extension StageCompiler {
    /// The operation of WORKDIR; changes the working directory of later instructions.
    mutating func workingDirectory(_ instruction: Instruction) throws(DockerfileError) -> Operation
    {
        guard case .workdir(let word) = instruction.content else { preconditionFailure("WORKDIR") }
        let written = try expansion(instruction).word(word)
        let path = state.absolute(written)
        // The working directory of an image may contain any character.
        guard !path.utf8.contains(0) else {
            throw DockerfileError(.nullCharacter("the directory"), at: instruction.position)
        }
        // An absolute path is kept as written, with double slashes, as BuildKit does.
        state.config.workingDir = written.hasPrefix("/") ? written : path
        return .workingDirectory(DirectoryStep(path: path, user: state.config.user))
    }

    /// The step of COPY or ADD that reads `source`.
    func transfer(
        _ instruction: Instruction,
        _ transfer: Transfer,
        from source: TransferStep.Source
    ) throws(BuildError) -> TransferStep {
        do throws(DockerfileError) {
            let expansion = expansion(instruction)
            var paths: [String] = []
            for path in transfer.sources { paths.append(try expansion.word(path)) }
            var files: [InlineFile] = []
            for file in transfer.files {
                let content = file.expands ? try expansion.text(file.content) : file.content
                files.append(InlineFile(name: file.name, content: content))
            }
            let written = try expansion.word(transfer.destination)
            let isFolder =
                written.isEmpty || written.hasSuffix("/") || written == "."
                || written.hasSuffix("/.")
            let destination = state.absolute(written)
            let modeText = try instruction.flag("chmod").map { text throws(DockerfileError) in
                try expansion.word(text)
            }
            var excludes: [String] = []
            for text in instruction.flags("exclude") { excludes.append(try expansion.word(text)) }
            let isAdd = instruction.keyword == .add
            return TransferStep(
                source: source,
                paths: paths,
                files: files,
                destination: isFolder && destination != "/" ? destination + "/" : destination,
                owner: try instruction.flag("chown").map { text throws(DockerfileError) in
                    try expansion.word(text)
                },
                mode: try modeText.map { text throws(DockerfileError) in
                    try ModeChange(parsing: text, at: instruction.position)
                },
                modeText: modeText,
                excludes: excludes,
                isLink: instruction.isOn("link"),
                keepsParents: instruction.isOn("parents"),
                unpacks: isAdd && instruction.isOn("unpack", byDefault: true)
            )
        } catch {
            throw BuildError(.dockerfile(error))
        }
    }

    /// The command of RUN, including its heredocs.
    func command(
        _ instruction: Instruction,
        _ form: CommandForm
    ) -> (arguments: [String], script: InlineFile?) {
        guard case .shell(let text) = form else { return (commandLine(form), nil) }
        guard let first = instruction.heredocs.first else { return (commandLine(form), nil) }
        let isAlone =
            instruction.heredocs.count == 1 && text.hasPrefix("<<")
            && !text.contains(where: \.isWhitespace)
        if isAlone, first.content.hasPrefix("#!") {
            let script = InlineFile(name: first.name, content: first.content)
            return (state.shell + ["/dev/pipes/\(first.name)"], script)
        }
        if isAlone { return (state.shell + [first.content], nil) }
        let whole = instruction.heredocs.reduce(text) { $0 + $1.written }
        return (state.shell + [whole], nil)
    }

    /// The step of RUN; `mounts` are those of its flags with their sources.
    func run(
        _ instruction: Instruction,
        _ form: CommandForm,
        mounts: [RunStep.Mount]
    ) throws(BuildError) -> RunStep {
        let (arguments, script) = command(instruction, form)
        let network =
            instruction.flag("network").flatMap { $0 == "default" ? nil : $0 }
            .flatMap(BuildRequest.Network.init) ?? request.network
        let isInsecure = instruction.flag("security") == "insecure"
        let missing = request.missingEntitlements(network: network, isInsecure: isInsecure)
        if let entitlement = missing.first { throw BuildError(.notGranted(entitlement)) }
        return RunStep(
            arguments: arguments,
            environment: state.variables.map { "\($0.name)=\($0.value)" },
            proxies: PlatformArguments.proxies(in: request.arguments).filter { line in
                state.value(line.nameAndValue.name) == nil
            },
            user: state.config.user,
            workingDirectory: state.workingDirectory,
            network: network,
            isInsecure: isInsecure,
            mounts: mounts,
            script: script,
            settings: RunSettings(
                extraHosts: request.extraHosts,
                sharedMemory: request.sharedMemory,
                limits: request.limits,
                secrets: request.secrets,
                agents: request.agents
            )
        )
    }

    /// The options of one `--mount`, with an absolute target.
    func mount(
        _ text: String,
        _ instruction: Instruction
    ) throws(DockerfileError) -> (options: MountOptions, text: String) {
        let expansion = expansion(instruction)
        var options = try MountOptions(parsing: text, at: instruction.position) {
            text throws(DockerfileError) in try expansion.word(text)
        }
        if let target = options.target { options.target = state.absolute(target) }
        return (options, "\(options)")
    }
}
