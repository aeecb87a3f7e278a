import Notation

extension ComposeError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownKey(let key, let path, let known):
            "unknown key '\(key)' \(place(path))\(advice(for: key, among: known))"
        case .expected(let wanted, let found, let path):
            "\(path.isEmpty ? "" : "\(path): ")expected \(wanted), found \(found)"
        case .missingKey(let key, let path):
            "\(path): '\(key)' is missing; add it"
        case .invalidName(let name, let path):
            """
            \(path): '\(name)' is not a valid name; \
            use letters, digits, dots, underscores and hyphens
            """
        case .notOneOf(let words, let found, let path):
            """
            \(path): unknown value '\(found)'\(advice(for: found, among: words))
            """
        case .outOfRange(let range, let found, let path):
            "\(path): \(found) is out of range; use \(range)"
        case .repeated(let value, let path):
            "\(path): '\(value)' is repeated; remove one"
        case .invalid(let kind, let found, let reason, let path):
            "\(path): '\(found)' is not a valid \(kind): \(reason)"
        case .exclusive(let keys, let path):
            "\(path): \(quoted(keys, "and")) are mutually exclusive; remove one"
        case .sourceMissing(let keys, let path):
            "\(path): one of \(quoted(keys, "or")) must be set"
        case .externalWith(let key, let path):
            """
            \(path): '\(key)' conflicts with 'external': the resource is managed outside the \
            project; keep only 'name'
            """
        case .platformNotBuilt(let platform, let service):
            """
            service '\(service)': build.platforms does not contain the platform '\(platform)'; \
            add it or remove 'platform'
            """
        case .different(let first, let second, let service):
            """
            service '\(service)': '\(first)' and '\(second)' have different values; \
            make them equal or remove one
            """
        case .containerNameTaken(let name, let services):
            """
            container_name '\(name)' is used by the services \(quoted(services, "and")); \
            use a different name for each
            """
        case .containerNameWithReplicas(let name, let replicas, let service):
            """
            service '\(service)': \(replicas) replicas cannot share the container_name \
            '\(name)'; remove the name or use one replica
            """
        case .mountedTwice(let target, let service, let first):
            """
            service '\(service)': '\(target)' is mounted twice\
            \(first.map { ", first at \($0)" } ?? ""); use a different target for each mount
            """
        case .missingWatchTarget(let action, let service):
            """
            service '\(service)': develop.watch action '\(action)' requires 'target', the \
            destination in the container; add it
            """
        case .nothingToRun(let service):
            "service '\(service)' has neither an image nor a build context; add one"
        case .undefined(let kind, let name, let dependent, let known):
            "service '\(dependent)' refers to undefined \(kind.rawValue) '\(name)'"
                + remedy(for: name, among: known)
        case .inactive(let name, let profiles, let dependent):
            """
            service '\(dependent)' depends on '\(name)', which requires \
            \(profiles.count == 1 ? "the profile" : "one of the profiles") \
            \(quoted(profiles, "and")); enable it with --profile, or set 'required: false'
            """
        case .notBuildable(let name, let dependent):
            """
            service '\(dependent)' uses service '\(name)' as a build context, but '\(name)' has no \
            'build' section; add one
            """
        case .dependencyCycle(let names):
            """
            dependency cycle: \(names.joined(separator: " -> ")); \
            remove one of these dependencies
            """
        case .noSuchService(let name, let known):
            "no such service: \(name)\(Spelling.hint(for: name, among: known))"
        case .loading(let problem):
            problem.description
        }
    }
}

extension ComposeError.Problem {
    /// The mapping at a path as named in messages, such as `in service 'web'`.
    private func place(_ path: String) -> String {
        guard !path.isEmpty else { return "at top level" }
        let parts = path.split(separator: ".")
        if parts.count == 2, let kind = Self.singular[String(parts[0])], !path.contains("[") {
            return "in \(kind) '\(parts[1])'"
        }
        return "in \(path)"
    }

    private static let singular = [
        "services": "service", "networks": "network", "volumes": "volume", "configs": "config",
        "secrets": "secret", "models": "model",
    ]

    private func advice(for word: String, among known: [String]) -> String {
        let hint = Spelling.hint(for: word, among: known)
        return hint.isEmpty ? "; expected one of: \(known.sorted().joined(separator: ", "))" : hint
    }

    private func remedy(for word: String, among known: [String]) -> String {
        let hint = Spelling.hint(for: word, among: known)
        return hint.isEmpty ? "; define it or remove the reference" : hint
    }

    private func quoted(_ words: [String], _ last: String) -> String {
        let quoted = words.map { "'\($0)'" }
        guard quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " \(last) \(quoted[quoted.count - 1])"
    }
}
