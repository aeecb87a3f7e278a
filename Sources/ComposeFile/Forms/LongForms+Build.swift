import Notation
import YAML

extension LongForms {
    mutating func expandBuild(_ value: inout YAMLNode, _ path: String) {
        if value.string != nil { value.content = .mapping(.single("context", value)) }
        value.changeMapping { build in
            build.change("secrets") { secrets in
                secrets.changeElements { _, secret in
                    if secret.string != nil { secret.content = .mapping(.single("source", secret)) }
                }
            }
            for key in ["provenance", "sbom"] {
                build.change(key) { value in
                    if let flag = value.bool { value.content = .string(flag ? "true" : "false") }
                }
            }
            build.change("no_cache_filter", LongForms.listText)
            build.change("additional_contexts") {
                expandPairs(&$0, "\(path).additional_contexts", allowingBare: nil)
            }
            build.change("ulimits") { checkUlimits(&$0, "\(path).ulimits") }
            build.change("ssh") { expandPairs(&$0, "\(path).ssh", allowingBare: "default") }
        }
    }

    /// Expands a list of `KEY=VALUE` to a mapping; the key `bare` needs no value.
    private mutating func expandPairs(
        _ value: inout YAMLNode,
        _ path: String,
        allowingBare bare: String?
    ) {
        guard let elements = value.sequence else { return }
        var pairs = Mapping()
        for element in elements {
            let text = element.string ?? ""
            let (key, value) = text.nameAndValue
            if value == nil, text != bare {
                let problem = ComposeError.Problem.expected(
                    "KEY=VALUE",
                    found: "'\(text)'",
                    path: path
                )
                report(problem, at: element)
                return
            }
            pairs[key] = YAMLNode(value.map { .string($0) } ?? .null, at: element.location)
        }
        value.content = .mapping(pairs)
    }

    mutating func expandExternal(_ value: inout YAMLNode, _ path: String) {
        value.changeMapping { resource in
            guard let external = resource["external"], let old = external.mapping else { return }
            resource["external"] = YAMLNode(.bool(true), at: external.location)
            guard let oldName = old["name"] else { return }
            if let name = resource["name"], name != oldName {
                addError(.exclusive(["name", "external.name"], path: path), at: oldName)
            }
            resource["name"] = oldName
        }
    }
}
