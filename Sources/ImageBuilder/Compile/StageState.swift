import Dockerfile
import OCI

/// What is known of a stage after its instructions so far.
struct StageState: Sendable {
    /// A variable of the build, or of the image.
    struct Variable: Sendable {
        var name: String
        var value: String
    }

    var config = ImageConfiguration.Config()
    var author: String?
    var history: [History] = []
    var platform: Platform
    /// The step that made the files; nil for an empty tree.
    var vertex: Vertex?
    /// ENV and ARG in force, the later of one name.
    private(set) var variables: [Variable] = []
    /// Whether this stage has a CMD of its own.
    var hasOwnCommand = false

    init(platform: Platform) { self.platform = platform }

    var workingDirectory: String { config.workingDir.isEmpty ? "/" : config.workingDir }
    var shell: [String] { config.shell ?? ["/bin/sh", "-c"] }

    /// The value of a variable; nil when it is unset.
    func value(_ name: String) -> String? { variables.first { $0.name == name }?.value }

    mutating func setVariable(_ name: String, to value: String) {
        if let index = variables.firstIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append(Variable(name: name, value: value))
        }
    }

    /// ENV: in force here and in the image.
    mutating func setEnvironment(_ name: String, to value: String) {
        setVariable(name, to: value)
        let line = "\(name)=\(value)"
        if let index = config.env.firstIndex(where: { $0.hasPrefix(name + "=") }) {
            config.env[index] = line
        } else {
            config.env.append(line)
        }
    }

    /// Takes over the environment of an image.
    mutating func takeEnvironment() {
        for line in config.env {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            setVariable(String(parts[0]), to: parts.count == 2 ? String(parts[1]) : "")
        }
    }

    mutating func record(_ text: String, isEmpty: Bool, at time: Timestamp) {
        history.append(
            History(created: time, createdBy: text, author: author, emptyLayer: isEmpty)
        )
    }

    /// `path` below the working directory, cleaned; a slash at its end stays.
    func absolute(_ path: String) -> String {
        let joined = path.hasPrefix("/") ? path : workingDirectory + "/" + path
        let cleaned = cleanedPath(joined)
        return cleaned == "." ? "/" : "/" + cleaned
    }
}
