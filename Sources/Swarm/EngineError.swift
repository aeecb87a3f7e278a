/// An error of a request to a Docker Engine.
public enum EngineError: Error, Sendable, Equatable {
    case unreachable(host: String, reason: String)
    case invalidHost(String)
    /// A transport that another program must provide, with the remedy.
    case unsupportedTransport(String, remedy: String)
    case noSuchContext(String)
    case certificate(String, reason: String)
    /// The engine refused a request; the message is its own.
    case refused(String, status: Int, message: String)
    /// The engine is not in swarm mode, or not a manager.
    case notManager(host: String, message: String)
    case invalidAnswer(String)
    /// An object of another owner that the stack needs.
    case missingExternal(kind: String, name: String)
    case updateFailed(service: String, state: String, message: String)
    case tasksFail(service: String, message: String)
    case stillInUse(kind: String, name: String, message: String)
    case noSuchStack(String)
    /// A deployment that ended early, with the objects that it had created or updated.
    indirect case incomplete(EngineError, done: [String])
}

extension EngineError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let host, let reason):
            "cannot reach the engine at \(host): \(reason); check --host, DOCKER_HOST and the context"
        case .invalidHost(let host):
            "invalid host '\(host)'; use unix:///PATH or tcp://HOST:PORT"
        case .unsupportedTransport(let host, let remedy): "cannot use host '\(host)'; \(remedy)"
        case .noSuchContext(let name): "no such context '\(name)'; list them by 'docker context ls'"
        case .certificate(let path, let reason): "cannot use the certificates in \(path): \(reason)"
        case .refused(let request, let status, let message):
            "the engine refused '\(request)' (status \(status)): \(message)"
        case .notManager(let host, let message):
            "the engine at \(host) is not a swarm manager: \(message)"
        case .invalidAnswer(let request): "the engine's answer to '\(request)' is not valid"
        case .missingExternal(let kind, let name):
            "external \(kind) '\(name)' does not exist; create it first"
        case .updateFailed(let service, let state, let message):
            "update of service \(service) failed (\(state)): \(message)"
        case .tasksFail(let service, let message):
            "tasks of service \(service) fail: \(message)"
        case .stillInUse(let kind, let name, let message):
            "\(kind) '\(name)' is still in use: \(message); run the command again"
        case .noSuchStack(let name): "nothing found in stack '\(name)'"
        case .incomplete(let error, let done):
            "\(error)\n"
                + (done.isEmpty
                    ? "nothing was changed" : "done before: \(done.joined(separator: ", "))")
                + "; run the command again to complete the deployment"
        }
    }
}
