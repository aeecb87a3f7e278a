import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage

/// Compiles the requests of one build into one graph of steps.
///
/// Used by one task only; a stage is compiled when another one or the target needs it.
final class Compilation {
    /// Finds a base image, in the store or a registry.
    typealias ImageSource = (String, Platform, BuildRequest) async throws(BuildError) -> Image

    /// A stage of one of the requests.
    struct StageKey: Hashable {
        var request: Int
        var stage: Int
    }

    /// The files of a request and the values derived from them.
    struct ResolvedRequest {
        var dockerfile: Dockerfile
        var context: BuildContext
        var globals: [String: String]
        var target: Stage
    }

    let requests: [BuildRequest]
    let images: ImageSource
    let makeContext: (FilePath, IgnorePatterns) throws(BuildError) -> BuildContext
    /// Nil if URLs cannot be fetched.
    let remotes: RemoteSources?
    let time: Timestamp
    let notice: (String) -> Void
    var graph = Graph()
    var resolvedRequests: [Int: ResolvedRequest] = [:]
    var states: [StageKey: StageState] = [:]
    var active: [StageKey] = []
    var contexts: [String: BuildContext] = [:]
    var fetched: [[String]: RemoteSources.Fetched] = [:]
    /// The number of files downloaded so far.
    var downloads = 0

    init(
        _ requests: [BuildRequest],
        images: @escaping ImageSource,
        makeContext: @escaping (FilePath, IgnorePatterns) throws(BuildError) -> BuildContext,
        remotes: RemoteSources?,
        time: Timestamp,
        notice: @escaping (String) -> Void
    ) {
        self.requests = requests
        self.images = images
        self.makeContext = makeContext
        self.remotes = remotes
        self.time = time
        self.notice = notice
    }

    /// The target stage of the request at `index`.
    func result(of index: Int) async throws(BuildError) -> StageState {
        let resolved = try resolved(of: index)
        return try await stage(StageKey(request: index, stage: resolved.target.index))
    }

    func resolved(of index: Int) throws(BuildError) -> ResolvedRequest {
        if let resolved = resolvedRequests[index] { return resolved }
        let resolved = try read(requests[index])
        resolvedRequests[index] = resolved
        for finding in resolved.dockerfile.findings {
            notice("WARN: \(resolved.dockerfile.stages[0].from.position.file): \(finding)")
        }
        return resolved
    }

    /// The state after all instructions of a stage.
    func stage(_ key: StageKey) async throws(BuildError) -> StageState {
        if let state = states[key] { return state }
        let resolved = try resolved(of: key.request)
        let stage = resolved.dockerfile.stages[key.stage]
        if let start = active.firstIndex(of: key) {
            let names = (active[start...] + [key]).map { resolved.dockerfile.stages[$0.stage].name }
            throw BuildError(
                .dockerfile(DockerfileError(.circularStages(names), at: stage.from.position))
            )
        }
        active.append(key)
        defer { active.removeLast() }
        let origin = Origin(
            dockerfile: resolved.dockerfile.lines,
            position: stage.from.position,
            lastLine: stage.from.lastLine
        )
        do throws(BuildError) {
            let state = try await compileStage(stage, of: resolved, key)
            states[key] = state
            return state
        } catch {
            throw error.located(at: origin)
        }
    }

    private func compileStage(
        _ stage: Stage,
        of resolved: ResolvedRequest,
        _ key: StageKey
    ) async throws(BuildError) -> StageState {
        var state = try await base(of: stage, resolved, key)
        let triggers = try instructions(for: state.config.onBuild, of: stage, resolved)
        state.config.onBuild = []
        let all = triggers + stage.instructions
        let keywords: Set<Instruction.Keyword> = [.run, .copy, .add, .workdir]
        var compiler = StageCompiler(
            request: requests[key.request],
            dockerfile: resolved.dockerfile,
            globals: resolved.globals,
            context: resolved.context,
            stage: stage,
            stepCount: 1 + all.count { keywords.contains($0.keyword) },
            time: time,
            state: state
        )
        for instruction in all {
            do throws(BuildError) {
                try await compileInstruction(instruction, with: &compiler, key)
            } catch {
                throw error.located(at: compiler.origin(instruction))
            }
        }
        return compiler.state
    }

    private func instructions(
        for triggers: [String],
        of stage: Stage,
        _ resolved: ResolvedRequest
    ) throws(BuildError) -> [Instruction] {
        var instructions: [Instruction] = []
        for trigger in triggers {
            let escape = resolved.dockerfile.directives.escape
            let isOurs = trigger.contains(Character(escape))
            instructions.append(
                try BuildError.during(
                    reading: Instruction(
                        trigger: trigger,
                        escape: isOurs ? escape : "\\",
                        at: stage.from.position
                    )
                )
            )
        }
        return instructions
    }
}
