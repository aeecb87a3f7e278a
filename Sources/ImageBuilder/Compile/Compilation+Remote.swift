import Dockerfile
import OCI

extension Compilation {
    /// Fetches what an ADD names by URL and makes it the step's context.
    func fetchRemote(
        for step: inout TransferStep,
        _ instruction: Instruction,
        _ compiler: StageCompiler
    ) async throws(BuildError) {
        let urls = step.paths.filter(RemoteAddress.isFile)
        try refuseOther(step.paths, urls, instruction)
        guard let first = urls.first else { return }
        guard let remotes else {
            throw unsupported(instruction, first, "fetch it with RUN, or put it into the context")
        }
        let checksum = try checksum(instruction, compiler)
        let key = urls + [checksum.map { "\($0)" } ?? ""]
        var known = fetched[key]
        if known == nil { known = try await remotes.fetched(urls, checksum: checksum) }
        guard let known else { return }
        fetched[key] = known
        step.source = .context(known.context)
        step.paths = known.paths
        step.unpacks = instruction.isOn("unpack")
    }

    /// What only git can fetch, and what does not go together.
    private func refuseOther(
        _ paths: [String],
        _ urls: [String],
        _ instruction: Instruction
    ) throws(BuildError) {
        if let repository = paths.first(where: RemoteAddress.isRepository) {
            throw unsupported(
                instruction,
                repository,
                "a repository is fetched by git: clone it with RUN, or into the context"
            )
        }
        if instruction.flag("keep-git-dir") != nil {
            throw unsupported(instruction, "--keep-git-dir", "it is for repositories")
        }
        if !urls.isEmpty, urls.count < paths.count {
            throw unsupported(
                instruction,
                "of URLs and files at once",
                "write an instruction for each"
            )
        }
        if instruction.flag("checksum") != nil, paths.count != 1 || urls.isEmpty {
            throw unsupported(instruction, "--checksum", "it is for one URL alone")
        }
    }

    private func unsupported(
        _ instruction: Instruction,
        _ what: String,
        _ remedy: String
    ) -> BuildError {
        BuildError(.unsupported("\(instruction.position): ADD \(what)", remedy: remedy))
    }

    private func checksum(
        _ instruction: Instruction,
        _ compiler: StageCompiler
    ) throws(BuildError) -> Digest? {
        guard let written = instruction.flag("checksum") else { return nil }
        let text: String
        do throws(DockerfileError) {
            text = try compiler.expansion(instruction).word(written)
        } catch {
            throw BuildError(.dockerfile(error))
        }
        do {
            return try Digest(text)
        } catch {
            let problem = DockerfileError.Problem.badFlagValue(
                flag: "checksum",
                value: text,
                needed: "sha256: and 64 hexadecimal digits"
            )
            throw BuildError(.dockerfile(DockerfileError(problem, at: instruction.position)))
        }
    }
}
