import Dockerfile
import ImageStore
import Linux
import OCI
import SystemPackage

/// Turns the requests of one build into one graph of steps.
///
/// Belongs to the task that builds; stages are compiled only as something needs them.
final class Compilation {
    /// Finds a base image, in the store or a registry.
    typealias ImageSource = (String, Platform, BuildRequest) async throws(BuildError) -> Image

    /// A stage of one of the requests.
    struct StageKey: Hashable {
        var request: Int
        var stage: Int
    }

    /// What is read once for each request.
    struct Recipe {
        var dockerfile: Dockerfile
        var context: BuildContext
        var globals: [String: String]
        var target: Stage
    }

    let requests: [BuildRequest]
    let images: ImageSource
    let makeContext: (FilePath, IgnorePatterns) throws(BuildError) -> BuildContext
    /// Nil where nothing can be fetched.
    let remotes: RemoteSources?
    let time: Timestamp
    let notice: (String) -> Void
    var graph = Graph()
    var recipes: [Int: Recipe] = [:]
    var states: [StageKey: StageState] = [:]
    var active: [StageKey] = []
    var contexts: [String: BuildContext] = [:]
    var fetched: [[String]: RemoteSources.Fetched] = [:]

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

    /// The final stage of the request at `index`.
    func result(of index: Int) async throws(BuildError) -> StageState {
        let recipe = try recipe(of: index)
        return try await stage(StageKey(request: index, stage: recipe.target.index))
    }

    func recipe(of index: Int) throws(BuildError) -> Recipe {
        if let recipe = recipes[index] { return recipe }
        let recipe = try read(requests[index])
        recipes[index] = recipe
        for finding in recipe.dockerfile.findings {
            notice("WARN: \(recipe.dockerfile.stages[0].from.position.file): \(finding)")
        }
        return recipe
    }

    /// The stage once all its instructions are compiled.
    func stage(_ key: StageKey) async throws(BuildError) -> StageState {
        if let state = states[key] { return state }
        let recipe = try recipe(of: key.request)
        let stage = recipe.dockerfile.stages[key.stage]
        if let start = active.firstIndex(of: key) {
            let names = (active[start...] + [key]).map { recipe.dockerfile.stages[$0.stage].name }
            throw BuildError(
                .dockerfile(DockerfileError(.circularStages(names), at: stage.from.position))
            )
        }
        active.append(key)
        defer { active.removeLast() }
        let origin = Origin(
            dockerfile: recipe.dockerfile.lines,
            position: stage.from.position,
            lastLine: stage.from.lastLine
        )
        do throws(BuildError) {
            let state = try await compile(stage, of: recipe, key)
            states[key] = state
            return state
        } catch {
            throw error.located(at: origin)
        }
    }

    private func compile(
        _ stage: Stage,
        of recipe: Recipe,
        _ key: StageKey
    ) async throws(BuildError) -> StageState {
        var state = try await base(of: stage, recipe, key)
        let triggers = try instructions(for: state.config.onBuild, of: stage, recipe)
        state.config.onBuild = []
        let all = triggers + stage.instructions
        let keywords: Set<Instruction.Keyword> = [.run, .copy, .add, .workdir]
        var compiler = StageCompiler(
            request: requests[key.request],
            dockerfile: recipe.dockerfile,
            globals: recipe.globals,
            context: recipe.context,
            stage: stage,
            stepCount: 1 + all.count { keywords.contains($0.keyword) },
            time: time,
            state: state
        )
        for instruction in all {
            do throws(BuildError) {
                try await compile(instruction, with: &compiler, key)
            } catch {
                throw error.located(at: compiler.origin(instruction))
            }
        }
        return compiler.state
    }

    private func instructions(
        for triggers: [String],
        of stage: Stage,
        _ recipe: Recipe
    ) throws(BuildError) -> [Instruction] {
        var instructions: [Instruction] = []
        for trigger in triggers {
            do {
                let position = stage.from.position
                let escape = recipe.dockerfile.directives.escape
                let isOurs = trigger.contains(Character(escape))
                instructions.append(
                    try Instruction(
                        trigger: trigger,
                        escape: isOurs ? escape : "\\",
                        at: position
                    )
                )
            } catch {
                throw BuildError(.dockerfile(error))
            }
        }
        return instructions
    }
}
