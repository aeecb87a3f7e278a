import Dockerfile
import ImageStore
import Notation
public import OCI

extension ImageConfiguration.Config {
    /// Applies `change`, a Dockerfile instruction that affects only the configuration.
    public mutating func apply(_ change: String) throws {
        let parsed = try Dockerfile(parsing: "FROM scratch\n\(change)\n", file: "--change")
        for instruction in parsed.stages.flatMap(\.instructions) {
            try apply(instruction, change)
        }
    }

    private mutating func apply(_ instruction: Instruction, _ change: String) throws {
        let variables = Dictionary(
            env.map(\.nameAndValue).map { ($0.name, $0.value ?? "") }
        ) { _, last in last }
        let expansion = Expansion(at: instruction.position) { variables[$0] }
        switch instruction.content {
        case .cmd(let form): cmd = arguments(of: form)
        case .entrypoint(let form): entrypoint = arguments(of: form)
        case .env(let pairs):
            for pair in pairs {
                let name = try expansion.word(pair.key)
                env.removeAll { $0.hasPrefix(name + "=") }
                env.append("\(name)=\(try expansion.word(pair.value))")
            }
        case .expose(let ports):
            for port in try ports.flatMap(expansion.words) {
                exposedPorts.append(port.contains("/") ? port : port + "/tcp")
            }
            exposedPorts = Set(exposedPorts).sorted()
        case .label(let pairs):
            for pair in pairs {
                labels[try expansion.word(pair.key)] = try expansion.word(pair.value)
            }
        case .volume(let paths):
            volumes = Set(volumes + (try paths.map(expansion.word))).sorted()
        case .onbuild(let text): onBuild.append(text)
        case .shell(let words): shell = words
        case .stopsignal(let name): stopSignal = try expansion.word(name)
        case .user(let name): user = try expansion.word(name)
        case .workdir(let path): workingDir = try expansion.word(path)
        case .healthcheck(let check): healthcheck = check.imageForm
        case .add, .arg, .copy, .from, .maintainer, .run:
            let fault = "\(instruction.keyword.rawValue) is not a valid change of an existing image"
            throw ImageStoreError(.change(fault), in: change)
        }
    }

    private func arguments(of form: CommandForm) -> [String] {
        switch form {
        case .exec(let words): words
        case .shell(let text): (shell ?? ["/bin/sh", "-c"]) + [text]
        }
    }
}
