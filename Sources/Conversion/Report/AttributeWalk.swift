import ComposeFile
import YAML

/// Lists every attribute of a project with its outcome.
struct AttributeWalk {
    private let rules: AttributeRules
    private let notes: Notes
    private var entries: [ConversionReport.Entry] = []

    private init(rules: AttributeRules, notes: Notes) {
        self.rules = rules
        self.notes = notes
    }

    static func report(
        on project: Project,
        rules: AttributeRules,
        notes: Notes
    ) -> ConversionReport {
        var walk = AttributeWalk(rules: rules, notes: notes)
        let known: [String: Set<String>] = [
            "services": Set(project.services.keys), "networks": Set(project.networks.keys),
            "volumes": Set(project.volumes.keys), "configs": Set(project.configs.keys),
            "secrets": Set(project.secrets.keys), "models": Set(project.models.keys),
        ]
        for section in project.source.node?.mapping ?? Mapping() {
            guard let names = known[section.key] else {
                walk.visit(section, [section.key], [section.key])
                continue
            }
            // Services without an active profile and unused resources are not converted.
            for entry in section.value.mapping ?? Mapping() where names.contains(entry.key) {
                walk.visit(entry, [section.key, entry.key], [section.key, "*"])
            }
        }
        walk.entries.sort { ($0.location, $0.name) < ($1.location, $1.name) }
        return ConversionReport(entries: walk.entries)
    }

    private mutating func visit(_ entry: Mapping.Entry, _ path: [String], _ pattern: [String]) {
        visit(entry.value, at: entry.keyLocation, path, pattern)
    }

    private mutating func visit(
        _ node: YAMLNode,
        at location: SourceLocation,
        _ path: [String],
        _ pattern: [String]
    ) {
        if let outcome = notes[path] {
            add(path, location, outcome)
            guard pattern.count == 2 else { return }
        }
        if rules.hasChildren(pattern), let mapping = node.mapping, !mapping.isEmpty {
            let hasNames = rules.hasNames(pattern)
            // The loader keeps values of variables under keys that no file can have.
            for entry in mapping where !entry.key.hasPrefix("x-#") {
                visit(entry, path + [entry.key], pattern + [hasNames ? "*" : entry.key])
            }
        } else if rules.hasChildren(pattern), let elements = node.sequence {
            for (index, element) in elements.enumerated() {
                visit(element, at: element.location, path + [String(index)], pattern)
            }
        } else if notes[path] == nil, !isAbsent(node, pattern), !isEmptySection(node, pattern) {
            add(path, location, outcome(of: pattern))
        }
    }

    /// Whether the loader has added an attribute without a value, as `command: null`.
    private func isAbsent(_ node: YAMLNode, _ pattern: [String]) -> Bool {
        node.isNull && pattern.count == 3 && ["command", "entrypoint"].contains(pattern[2])
    }

    /// Whether a section without attributes is there, as `volume: {}` in the long form of a mount.
    private func isEmptySection(_ node: YAMLNode, _ pattern: [String]) -> Bool {
        rules.hasChildren(pattern) && rules.outcome(of: pattern) == nil
            && (node.isNull || node.mapping?.isEmpty == true)
    }

    private func outcome(of pattern: [String]) -> Outcome {
        if let outcome = rules.outcome(of: pattern) ?? rules.otherwise { return outcome }
        if pattern.last?.hasPrefix("x-") == true {
            return .missing("an extension field of another program; remove it or keep it there")
        }
        return .missing("this conversion does not know the attribute; set it in an overlay")
    }

    private mutating func add(_ path: [String], _ location: SourceLocation, _ outcome: Outcome) {
        entries.append(ConversionReport.Entry(path: path, location: location, outcome: outcome))
    }
}
