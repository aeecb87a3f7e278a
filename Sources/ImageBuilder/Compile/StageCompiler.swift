import Dockerfile
import Linux
import OCI

/// Compiles the instructions of one stage to steps and an image configuration.
struct StageCompiler {
    let request: BuildRequest
    let dockerfile: Dockerfile
    /// The values of the ARGs before the first FROM and of the platform arguments.
    let globals: [String: String]
    let context: BuildContext
    let stage: Stage
    /// The number of steps of the stage that may change files, including FROM.
    let stepCount: Int
    let time: Timestamp
    var state: StageState
    var step = 1

    init(
        request: BuildRequest,
        dockerfile: Dockerfile,
        globals: [String: String],
        context: BuildContext,
        stage: Stage,
        stepCount: Int,
        time: Timestamp,
        state: StageState
    ) {
        self.request = request
        self.dockerfile = dockerfile
        self.globals = globals
        self.context = context
        self.stage = stage
        self.stepCount = stepCount
        self.time = time
        self.state = state
    }

    func expansion(_ instruction: Instruction) -> Expansion {
        let state = state
        return Expansion(escape: dockerfile.directives.escape, at: instruction.position) { name in
            state.value(name)
        }
    }

    func origin(_ instruction: Instruction) -> Origin {
        Origin(
            dockerfile: dockerfile.lines,
            position: instruction.position,
            lastLine: instruction.lastLine
        )
    }

    var ignoresCache: Bool {
        request.ignoresCache || request.uncachedStages.contains(stage.name)
    }

    /// `[api build 2/6] RUN npm ci`.
    mutating func nextName(_ instruction: Instruction) -> String {
        step += 1
        return Self.name(
            request: request,
            dockerfile: dockerfile,
            stage: stage,
            step: step,
            of: stepCount,
            text: instruction.source
        )
    }

    static func name(
        request: BuildRequest,
        dockerfile: Dockerfile,
        stage: Stage,
        step: Int,
        of count: Int,
        text: String
    ) -> String {
        let label: String?
        if dockerfile.stages.count > 1 {
            label = stage.base.alias ?? "stage-\(stage.index)"
        } else {
            label = stage.base.alias
        }
        let width = String(count).count
        let number = String(repeating: " ", count: width - String(step).count) + "\(step)/\(count)"
        let place = ([request.name, label].compactMap(\.self) + [number]).joined(separator: " ")
        return "[\(place)] \(text)"
    }

    /// Applies an instruction that changes only the configuration; returns false for others.
    mutating func configure(_ instruction: Instruction) throws(DockerfileError) -> Bool {
        let expansion = expansion(instruction)
        var text = instruction.source
        switch instruction.content {
        case .arg(let declarations):
            text = "ARG " + (try declare(declarations, expansion)).joined(separator: " ")
        case .cmd(let form):
            state.config.cmd = commandLine(form)
            state.hasOwnCommand = true
            text = "CMD \(quoted(state.config.cmd ?? []))"
        case .entrypoint(let form):
            state.config.entrypoint = commandLine(form)
            if !state.hasOwnCommand { state.config.cmd = nil }
            text = "ENTRYPOINT \(quoted(state.config.entrypoint ?? []))"
        case .env(let pairs):
            let expanded = try expand(pairs, expansion)
            for pair in expanded { state.setEnvironment(pair.key, to: pair.value) }
            text = "ENV " + expanded.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        case .expose(let words): try expose(words, expansion, at: instruction.position)
        case .healthcheck(let check): state.config.healthcheck = check.imageForm
        case .label(let pairs):
            let expanded = try expand(pairs, expansion)
            for pair in expanded { state.config.labels[pair.key] = pair.value }
            text = "LABEL " + expanded.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        case .maintainer(let name): state.author = name
        case .onbuild(let trigger): state.config.onBuild.append(trigger)
        case .shell(let words): state.config.shell = words
        case .stopsignal(let word):
            state.config.stopSignal = try signal(expansion.word(word), at: instruction.position)
        case .user(let word): state.config.user = try expansion.word(word)
        case .volume(let paths): try addVolumes(paths, expansion)
        case .add, .copy, .from, .run, .workdir: return false
        }
        state.record(text, isEmpty: true, at: time)
        return true
    }
}
