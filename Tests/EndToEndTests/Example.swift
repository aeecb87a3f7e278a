import Linux
import SystemPackage
import Testing

/// A project from the repository, under a name and on ports of its own.
struct Example: ComposeProject, Sendable {
    let machine: Machine
    let project: String
    /// Arguments that come before the command.
    let options: [String]
    /// The host's port for each published service.
    let ports: [String: Int]

    func attempt(_ arguments: [String]) throws -> Outcome {
        try machine.attempt(options + arguments, limit: .seconds(600))
    }

    /// Returns the response of the published port of `service`.
    func get(
        _ service: String,
        _ path: String = "/",
        location: SourceLocation = #_sourceLocation
    ) throws -> String {
        try curl(service, path, [], location)
    }

    /// Sends `json` to the published port of `service`.
    @discardableResult
    func post(
        _ json: String,
        to service: String,
        _ path: String,
        location: SourceLocation = #_sourceLocation
    ) throws -> String {
        try curl(
            service,
            path,
            ["--header", "Content-Type: application/json", "--data", json],
            location
        )
    }

    private func curl(
        _ service: String,
        _ path: String,
        _ options: [String],
        _ location: SourceLocation
    ) throws -> String {
        let port = try #require(ports[service], sourceLocation: location)
        let url = "http://localhost:\(port)\(path)"
        let outcome = try Program(
            ["curl", "--silent", "--show-error", "--fail", "--max-time", "10"] + options + [url]
        ).outcome()
        try #require(outcome.status == 0, "\(url): \(outcome)", sourceLocation: location)
        return outcome.output
    }
}

/// Calls `body` with the project in `directory` of the repository and removes it afterwards, with
/// its volumes. `containerPorts` are published on free ports instead of the file's own.
func withExample(
    _ directory: String,
    publishing containerPorts: [String: Int],
    _ body: (Example) throws -> Void
) throws {
    let machine = try machine()
    let project = uniqueProjectName()
    var override = "services:\n"
    var ports: [String: Int] = [:]
    for (service, containerPort) in containerPorts {
        let port = try FreePort.any()
        ports[service] = port
        override += "  \(service):\n    ports: !override [\"\(port):\(containerPort)\"]\n"
    }
    let overridePath = machine.root.appending("\(project).yaml")
    if !ports.isEmpty { try AtomicFile.write(Array(override.utf8), to: overridePath) }

    let file = Machine.repository.appending(directory).appending("compose.yaml")
    let options =
        ["--project-name", project, "--file", file.string]
        + (ports.isEmpty ? [] : ["--file", overridePath.string])
    let example = Example(machine: machine, project: project, options: options, ports: ports)
    let result = Result { try body(example) }
    let removal = try example.attempt(["down", "--volumes", "--timeout", "5"])
    #expect(removal.status == 0, "\(removal)")
    try FileSystem.removeTree(overridePath)
    try result.get()
}
