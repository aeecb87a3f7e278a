public import Dockerfile
public import ImageStore
public import Linux
public import OCI
public import SystemPackage

/// Why a build failed, told so that the author of the Dockerfile can mend it.
public struct BuildError: Error, Sendable {
    /// What went wrong.
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
        case notGranted(String)
        case network(String)
        case cancelled
        case system(SystemCallError)
        case store(ImageStoreError)
    }

    /// What went wrong.
    public var problem: Problem
    /// The step, as progress names it; empty before there are steps.
    public var step = ""
    /// The last lines that the step printed.
    public var output: [String] = []
    /// The lines of the Dockerfile round the step.
    public var excerpt: DockerfileExcerpt?

    /// States a fault, which gets its step and place on its way up.
    public init(_ problem: Problem) { self.problem = problem }
}

extension BuildError: CustomStringConvertible {
    /// The step's last output, the Dockerfile's lines, and what went wrong.
    public var description: String {
        var lines: [String] = []
        if !step.isEmpty {
            lines += ["------", " > \(step):"] + output + ["------"]
        }
        if let excerpt { lines += excerpt.lines }
        lines.append("failed to solve: \(reason)")
        return lines.joined(separator: "\n")
    }

    /// What went wrong, in a sentence or two.
    public var reason: String {
        switch problem {
        case .dockerfile(let error): "\(error)"
        case .unreadableDockerfile(let error):
            "failed to read the Dockerfile: \(error); name another one with -f"
        case .noContext(let path):
            "the build context '\(path)' is no directory; name the one that holds the sources"
        case .missingImage(let name, let remedy):
            "\(name): no such image here; \(remedy)"
        case .pullFailed(let name, let reason): "\(name): \(reason)"
        case .unknownContext(let name):
            "the named context '\(name)' is none of this build's; check additional_contexts"
        case .unsupported(let what, let remedy): "\(what) is not supported; \(remedy)"
        case .missingSource(let path):
            "\"\(path)\": not found; check the path, and .dockerignore when it should be there"
        case .fetchFailed(let url, let reason): "\(url): \(reason)"
        case .wrongChecksum(let url, let expected, let actual):
            "\(url): digest mismatch \(actual): \(expected); "
                + "what is there has changed, or the checksum is wrong"
        case .wrongKind(let what): what
        case .unknownUser(let name):
            "unable to find user \(name): no matching entries in the image's passwd or group file"
        case .processFailed(let command, let code):
            "process \"\(command)\" did not complete successfully: exit code: \(code)"
        case .runtimeFailed(let command, let reason):
            "process \"\(command)\" could not be run: \(reason)"
        case .missingSecret(let id):
            "secret \(id): not found; give it with --secret id=\(id),src=FILE"
        case .missingAgent(let id):
            "unset ssh forward key \(id); give it with --ssh \(id)"
        case .notGranted(let what): "\(what) is not allowed; grant it with --allow \(what)"
        case .network(let reason):
            "no network for the step: \(reason); --network host builds with the machine's own"
        case .cancelled: "the build was interrupted"
        case .system(let error): "\(error)"
        case .store(let error): "\(error)"
        }
    }
}

/// Some lines of a Dockerfile with the guilty ones marked.
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
            let isGuilty = (position.line...lastLine).contains(number)
            let column = String(repeating: " ", count: max(0, 4 - String(number).count))
            let line = "\(column)\(number) | \(isGuilty ? ">>>" : "   ") \(dockerfile[number - 1])"
            lines.append(line)
        }
        lines.append(String(repeating: "-", count: 20))
    }
}
