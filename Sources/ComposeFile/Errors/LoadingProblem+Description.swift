import Notation
import YAML

extension LoadingProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .yaml(let problem):
            problem.description
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .noFile(let directory):
            """
            no configuration file provided: not found; there is no compose.yaml in \(directory) or its \
            parent directories; change to the project's directory or use -f FILE
            """
        case .emptyProject:
            "empty compose file; define a service under 'services'"
        case .noSuchAttribute(let subject):
            "'\(subject)' has no value; name a variable, or an attribute as SERVICE.KEY"
        case .remote(let path):
            "'\(path)' is a remote file, which is not supported; copy it and use the copy's path"
        case .missingEnvFile(let path):
            "couldn't find env file: \(path)"
        case .notAFile(let path):
            "\(path) is a directory; use a file"
        case .invalidProjectName(let name):
            """
            invalid project name '\(name)'; it must start with a lower-case letter or digit and \
            consist of these, '_' and '-'
            """
        case .noProjectName:
            "project name must not be empty; set it with -p or 'name:'"
        case .notBoolean(let variable, let value):
            "\(variable) must be true or false, not '\(value)'"
        case .template(let error, let path):
            "\(path): \(error)"
        case .wrongType(let wanted, let found, let path):
            "\(path) must be \(wanted), not '\(found)'"
        case .cannotMerge(let path, let found, let over, let first):
            "cannot override \(path): \(found) cannot replace \(over), defined at \(first)"
        case .missingTarget(let path):
            "\(path) is missing a mount target; add 'target'"
        case .missingSource(let path):
            "\(path) is a bind mount without a source; add 'source'"
        case .extendsWithoutService(let service):
            "services.\(service).extends: 'service' is missing; add it"
        case .extendsUndefined(let base, let service, let file, let known):
            undefined(base, service, file, known)
        case .extendsCycle(let steps):
            "circular 'extends': \(steps.joined(separator: ", which extends "))"
        case .chainTooLong(let attribute, let limit):
            "more than \(limit) steps of '\(attribute)'; shorten the chain"
        case .includeCycle(let files):
            "include cycle detected: \(files.joined(separator: ", which includes "))"
        case .includeConflict(let path, let first):
            """
            \(path) conflicts with imported resource: it is defined differently at \(first); \
            rename one of them
            """
        case .dotenv(let problem):
            problem.description
        }
    }

    private func undefined(
        _ base: String,
        _ service: String,
        _ file: String,
        _ known: [String]
    )
        -> String
    {
        var hint = Spelling.hint(for: base, among: known)
        if hint.isEmpty, !known.isEmpty {
            hint = "; its services are: \(known.sorted().joined(separator: ", "))"
        }
        return "cannot extend service '\(service)': service '\(base)' not found in \(file)\(hint)"
    }
}
