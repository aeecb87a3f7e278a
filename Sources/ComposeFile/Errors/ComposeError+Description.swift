import Notation

extension ComposeError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownKey(let key, let path, let known):
            "\(dotted(path))unknown key '\(key)'\(advice(for: key, among: known))"
        case .expected(let wanted, let found, let path):
            "\(path): expected \(wanted), found \(found)"
        case .missingKey(let key, let path):
            "\(path): '\(key)' is missing; add it"
        case .invalidName(let name, let path):
            """
            \(path): '\(name)' is no valid name; \
            use letters, digits, dots, underscores and hyphens
            """
        case .notOneOf(let words, let found, let path):
            """
            \(path): '\(found)' is not known here\(advice(for: found, among: words))
            """
        case .outOfRange(let range, let found, let path):
            "\(path): \(found) is out of range; use \(range)"
        case .repeated(let value, let path):
            "\(path): '\(value)' occurs twice; remove one"
        case .invalid(let kind, let found, let reason, let path):
            "\(path): '\(found)' is no valid \(kind): \(reason)"
        case .exclusive(let keys, let path):
            "\(path): \(quoted(keys, "and")) exclude each other; keep one"
        case .sourceMissing(let keys, let path):
            "\(path): one of \(quoted(keys, "or")) must be set"
        case .externalWith(let key, let path):
            """
            \(path): '\(key)' conflicts with 'external': the resource is made by someone else; \
            keep only 'name'
            """
        case .platformNotBuilt(let platform, let service):
            """
            service '\(service)': build.platforms must contain its platform '\(platform)'; \
            add it there or drop 'platform'
            """
        case .different(let first, let second, let service):
            """
            service '\(service)': '\(first)' and '\(second)' say different things; \
            make them equal or drop one
            """
        case .containerNameTaken(let name, let services):
            """
            container_name '\(name)' is used by services \(quoted(services, "and")); \
            give each its own
            """
        case .containerNameWithReplicas(let name, let replicas, let service):
            """
            service '\(service)': \(replicas) containers cannot share the container_name \
            '\(name)'; drop the name or run one
            """
        case .mountedTwice(let target, let service, let first):
            """
            service '\(service)': target '\(target)' is mounted twice\
            \(first.map { ", first at \($0)" } ?? ""); give each mount its own target
            """
        case .missingWatchTarget(let action, let service):
            """
            service '\(service)': develop.watch needs a target for the action '\(action)'; \
            say where the files go in the container
            """
        case .nothingToRun(let service):
            "service '\(service)' has neither an image nor a build context; give it one"
        case .undefined(let kind, let name, let dependent):
            """
            service '\(dependent)' refers to undefined \(kind.rawValue) '\(name)'; \
            define it or drop the reference
            """
        case .inactive(let name, let dependent):
            """
            service '\(dependent)' depends on '\(name)', which no active profile calls in; \
            activate its profile or say 'required: false'
            """
        case .notBuildable(let name, let dependent):
            """
            service '\(dependent)' uses service '\(name)' as a build context, which has no \
            'build'; give it one
            """
        case .dependencyCycle(let names):
            """
            dependency cycle: \(names.joined(separator: " -> ")); \
            drop one of these dependencies
            """
        case .noSuchService(let name, let known):
            "no such service: \(name)\(Spelling.hint(for: name, among: known))"
        case .loading(let problem):
            problem.description
        }
    }
}

extension ComposeError.Problem {
    private func dotted(_ path: String) -> String {
        path.isEmpty ? "" : "\(path): "
    }

    private func advice(for word: String, among known: [String]) -> String {
        let hint = Spelling.hint(for: word, among: known)
        return hint.isEmpty ? "; known here: \(known.sorted().joined(separator: ", "))" : hint
    }

    private func quoted(_ words: [String], _ last: String) -> String {
        let quoted = words.map { "'\($0)'" }
        guard quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " \(last) \(quoted[quoted.count - 1])"
    }
}
