import Dockerfile
import Notation
import OCI

/// The state of a stage after some of its instructions.
struct StageState: Sendable {
    /// A variable of the build or the image.
    struct Variable: Sendable {
        var name: String
        var value: String
    }

    var config = ImageConfiguration.Config()
    var author: String?
    var history: [History] = []
    var platform: Platform
    /// The step whose result is the stage's files; nil for an empty tree.
    var vertex: Vertex?
    /// ENV and ARG variables; of several with one name the last.
    private(set) var variables: [Variable] = []
    /// Whether this stage has a CMD of its own.
    var hasOwnCommand = false

    init(platform: Platform) { self.platform = platform }

    var workingDirectory: String { config.workingDir.isEmpty ? "/" : config.workingDir }
    var shell: [String] { config.shell ?? ["/bin/sh", "-c"] }

    /// The value of a variable; nil if it is unset.
    func value(_ name: String) -> String? { variables.first { $0.name == name }?.value }

    mutating func setVariable(_ name: String, to value: String) {
        if let index = variables.firstIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append(Variable(name: name, value: value))
        }
    }

    /// Sets a variable for later instructions and for the image.
    mutating func setEnvironment(_ name: String, to value: String) {
        setVariable(name, to: value)
        let line = "\(name)=\(value)"
        if let index = config.env.firstIndex(where: { $0.hasPrefix(name + "=") }) {
            config.env[index] = line
        } else {
            config.env.append(line)
        }
    }

    /// Declares the variables of the image configuration.
    mutating func takeEnvironment() {
        for line in config.env {
            let (name, value) = line.nameAndValue
            setVariable(name, to: value ?? "")
        }
    }

    mutating func record(_ text: String, isEmpty: Bool, at time: Timestamp) {
        history.append(
            History(created: time, createdBy: text, author: author, emptyLayer: isEmpty)
        )
    }

    /// The absolute form of `path`, resolved from the working directory.
    func absolute(_ path: String) -> String {
        let joined = path.hasPrefix("/") ? path : workingDirectory + "/" + path
        let cleaned = cleanedPath(joined)
        return cleaned == "." ? "/" : "/" + cleaned
    }
}
