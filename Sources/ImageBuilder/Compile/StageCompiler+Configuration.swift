import Dockerfile
import Linux
import OCI

extension StageCompiler {
    func commandLine(_ form: CommandForm) -> [String] {
        switch form {
        case .exec(let words): words
        case .shell(let text): state.shell + [text]
        }
    }

    func quoted(_ words: [String]) -> String {
        "[" + words.map { "\"\($0)\"" }.joined(separator: " ") + "]"
    }

    func expand(
        _ pairs: [KeyValue],
        _ expansion: Expansion
    ) throws(DockerfileError) -> [KeyValue] {
        var expanded: [KeyValue] = []
        for pair in pairs {
            expanded.append(
                KeyValue(key: try expansion.word(pair.key), value: try expansion.word(pair.value))
            )
        }
        return expanded
    }

    /// Declares ARGs; the value is the request's, else the default here, else the global value.
    mutating func declare(
        _ declarations: [ArgumentDeclaration],
        _ expansion: Expansion
    ) throws(DockerfileError) -> [String] {
        var texts: [String] = []
        for declaration in declarations {
            let name = try expansion.word(declaration.name)
            let given = request.arguments[name]
            let value: String?
            if let given {
                value = given
            } else if let written = declaration.value {
                let state = state
                let inner = Expansion(
                    escape: dockerfile.directives.escape,
                    at: stage.from.position
                ) { state.value($0) }
                value = try inner.word(written)
            } else {
                value = globals[name]
            }
            if let value { state.setVariable(name, to: value) }
            texts.append(value.map { "\(name)=\($0)" } ?? name)
        }
        return texts
    }

    mutating func expose(
        _ words: [String],
        _ expansion: Expansion,
        at position: SourcePosition
    ) throws(DockerfileError) {
        var ports = Set(state.config.exposedPorts)
        for word in words {
            for text in try expansion.words(word) {
                guard let range = PortRange(text) else {
                    throw DockerfileError(.badPort(text), at: position)
                }
                ports.formUnion(range.ports)
            }
        }
        state.config.exposedPorts = ports.sorted()
    }

    mutating func addVolumes(
        _ paths: [String],
        _ expansion: Expansion
    ) throws(DockerfileError) {
        var volumes = Set(state.config.volumes)
        for path in paths { volumes.insert(try expansion.word(path)) }
        state.config.volumes = volumes.sorted()
    }

    func signal(
        _ text: String,
        at position: SourcePosition
    ) throws(DockerfileError) -> String {
        guard Signal(text) != nil else { throw DockerfileError(.badSignal(text), at: position) }
        return text
    }
}
