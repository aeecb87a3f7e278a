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
            no configuration file provided: not found; neither \(directory) nor a directory above it has a \
            compose.yaml; go where it is, or name one with -f
            """
        case .emptyProject:
            "empty compose file: none of the files says anything; add a service under 'services'"
        case .remote(let path):
            "'\(path)' lies elsewhere; remote files are not read: copy it here and name the copy"
        case .missingEnvFile(let path):
            "couldn't find env file: \(path)"
        case .notAFile(let path):
            "\(path) is a directory, but a file is needed here"
        case .invalidProjectName(let name):
            """
            invalid project name '\(name)'; it must begin with a lower-case letter or digit and \
            go on with these, '_' and '-'
            """
        case .noProjectName:
            "project name must not be empty; give one with -p or 'name:'"
        case .notBoolean(let variable, let value):
            "the variable \(variable) must be true or false, not '\(value)'"
        case .template(let error, let path):
            "\(path): \(error)"
        case .wrongType(let wanted, let found, let path):
            "\(path) must be \(wanted), not '\(found)'"
        case .cannotMerge(let path, let found, let over, let first):
            "cannot override \(path): \(found) cannot replace \(over), given at \(first)"
        case .missingTarget(let path):
            "\(path) is missing a mount target; add 'target'"
        case .missingSource(let path):
            "\(path) is a bind mount and does not say of which path; add 'source'"
        case .extendsNames(let service):
            "services.\(service).extends must name a service; add 'service'"
        case .extendsUndefined(let base, let service, let file, let known):
            undefined(base, service, file, known)
        case .extendsCycle(let steps):
            "circular reference of 'extends': \(steps.joined(separator: ", which extends "))"
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
            hint = "; it has: \(known.sorted().joined(separator: ", "))"
        }
        return "cannot extend service '\(service)': service '\(base)' not found in \(file)\(hint)"
    }
}
