import Dockerfile
import OCI

extension Compilation {
    /// Downloads the URLs of an ADD into a directory that becomes the context of the step.
    func fetchRemote(
        for step: inout TransferStep,
        _ instruction: Instruction,
        _ compiler: StageCompiler
    ) async throws(BuildError) {
        let urls = step.paths.filter(RemoteAddress.isFile)
        try refuseUnsupported(step.paths, urls, instruction)
        guard let first = urls.first else { return }
        guard let remotes else {
            throw unsupported(instruction, first, "download it with RUN, or add it to the context")
        }
        let checksum = try checksum(instruction, compiler)
        let key = urls + [checksum.map { "\($0)" } ?? ""]
        var known = fetched[key]
        if known == nil {
            known = try await remotes.fetched(urls, checksum: checksum, firstID: downloads)
        }
        guard let known else { return }
        if fetched.updateValue(known, forKey: key) == nil { downloads += urls.count }
        step.source = .context(known.context)
        step.paths = known.paths
        step.unpacks = instruction.isOn("unpack")
    }

    /// Refuses sources that only git can fetch and options that exclude each other.
    private func refuseUnsupported(
        _ paths: [String],
        _ urls: [String],
        _ instruction: Instruction
    ) throws(BuildError) {
        if let repository = paths.first(where: RemoteAddress.isRepository) {
            throw unsupported(
                instruction,
                repository,
                "clone the repository with RUN or into the context"
            )
        }
        if instruction.flag("keep-git-dir") != nil {
            throw unsupported(instruction, "--keep-git-dir", "it applies to repositories only")
        }
        if !urls.isEmpty, urls.count < paths.count {
            throw unsupported(
                instruction,
                "of both URLs and files",
                "write one instruction for each kind"
            )
        }
        if instruction.flag("checksum") != nil, paths.count != 1 || urls.isEmpty {
            throw unsupported(instruction, "--checksum", "it applies to a single URL")
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
        let text = try BuildError.during(reading: compiler.expansion(instruction).word(written))
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
