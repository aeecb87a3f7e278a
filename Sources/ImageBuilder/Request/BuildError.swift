public import Dockerfile
public import ImageStore
public import Linux
public import OCI
public import SystemPackage

/// The reason a build failed, with its place in the Dockerfile and a remedy.
public struct BuildError: Error, Sendable {
    /// Whether an image that the build starts from is missing.
    public var concernsBase: Bool {
        switch problem {
        case .missingImage, .pullFailed: true
        default: false
        }
    }

    /// The causes of failure.
    public enum Problem: Sendable {
        case dockerfile(DockerfileError)
        case unreadableDockerfile(SystemCallError)
        case noContext(FilePath)
        case missingImage(String, remedy: String)
        case pullFailed(String, reason: String)
        case unknownContext(String)
        case unsupported(String, remedy: String)
        case missingSource(String)
        case fetchFailed(String, reason: String)
        case wrongChecksum(String, expected: Digest, actual: Digest)
        case wrongKind(String)
        case unknownUser(String)
        case processFailed(command: String, exitCode: Int32)
        case runtimeFailed(command: String, reason: String)
        case missingSecret(String)
        case missingAgent(String)
        case notGranted(BuildRequest.Entitlement)
        case network(String)
        case garbage(reason: String)
        case cancelled
        case system(SystemCallError)
        case store(ImageStoreError)
    }

    public var problem: Problem
    /// The step's name as in progress output; empty if the error belongs to no step.
    public var step = ""
    /// The last lines that the step printed.
    public var output: [String] = []
    /// The lines of the Dockerfile around the step.
    public var excerpt: DockerfileExcerpt?

    /// An error that belongs to no step yet.
    public init(_ problem: Problem) { self.problem = problem }
}

extension BuildError: CustomStringConvertible {
    /// The step's last output, the lines of the Dockerfile and the reason.
    public var description: String {
        var lines: [String] = []
        if !step.isEmpty {
            lines += ["------", " > \(step):"] + output + ["------"]
        }
        if let excerpt { lines += excerpt.lines }
        lines.append("failed to solve: \(reason)")
        return lines.joined(separator: "\n")
    }

    /// The cause and its remedy, in one or two sentences.
    public var reason: String {
        switch problem {
        case .dockerfile(let error): "\(error)"
        case .unreadableDockerfile(let error):
            "failed to read the Dockerfile: \(error); select another file with -f"
        case .noContext(let path):
            "the build context '\(path)' is not a directory; pass the directory with the sources"
        case .missingImage(let name, let remedy):
            "\(name): image not found locally; \(remedy)"
        case .pullFailed(let name, let reason): "\(name): \(reason)"
        case .unknownContext(let name):
            "the named context '\(name)' is not part of this build; check additional_contexts"
        case .unsupported(let what, let remedy): "\(what) is not supported; \(remedy)"
        case .missingSource(let path):
            "\"\(path)\": not found; check the path and .dockerignore"
        case .fetchFailed(let url, let reason): "\(url): \(reason)"
        case .wrongChecksum(let url, let expected, let actual):
            "\(url): digest mismatch \(actual): \(expected); "
                + "the file has changed or the checksum is wrong"
        case .wrongKind(let reason): reason
        case .unknownUser(let name):
            "unable to find user \(name): no matching entries in the image's passwd or group file"
        case .processFailed(let command, let code):
            "process \"\(command)\" did not complete successfully: exit code: \(code)"
        case .runtimeFailed(let command, let reason):
            "process \"\(command)\" could not be run: \(reason)"
        case .missingSecret(let id):
            "secret \(id): not found; pass --secret id=\(id),src=FILE"
        case .missingAgent(let id):
            "unset ssh forward key \(id); pass --ssh \(id)"
        case .notGranted(let entitlement):
            "\(entitlement.rawValue) is not allowed; grant it with --allow \(entitlement.rawValue), "
                + "or in the 'entitlements' of the service's 'build' section"
        case .network(let reason):
            "cannot set up the network of the step: \(reason); "
                + "--network host uses the network of the host"
        case .garbage(let reason): "unused layers could not be removed: \(reason)"
        case .cancelled: "the build was cancelled"
        case .system(let error): "\(error)"
        case .store(let error): "\(error)"
        }
    }
}

/// Lines of a Dockerfile, with those of one instruction marked.
public struct DockerfileExcerpt: Sendable, Equatable {
    /// Ready to print.
    public var lines: [String]

    init(_ dockerfile: [String], at position: SourcePosition, through lastLine: Int) {
        let around = 2
        let first = max(1, position.line - around)
        let last = min(dockerfile.count, lastLine + around)
        lines = ["\(position.file):\(position.line)", String(repeating: "-", count: 20)]
        guard first <= last else { return }
        for number in first...last {
            let isMarked = (position.line...lastLine).contains(number)
            let column = String(repeating: " ", count: max(0, 4 - String(number).count))
            let line = "\(column)\(number) | \(isMarked ? ">>>" : "   ") \(dockerfile[number - 1])"
            lines.append(line)
        }
        lines.append(String(repeating: "-", count: 20))
    }
}
