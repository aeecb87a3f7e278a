import YAML

/// The shape of a Compose file.
///
/// Source: `compose-spec.json` of the Compose Specification as of docker compose v2.40.3, with the
/// attributes added by later versions.
enum Schema {
    /// Throws all errors of a merged file together.
    static func validate(_ root: YAMLNode) throws(ComposeErrors) {
        var check = SchemaCheck()
        check.check(root, file)
        if !check.errors.isEmpty {
            throw ComposeErrors(check.errors.sorted { $0.location < $1.location })
        }
    }

    /// The top level.
    static let file = Shape.keys([
        "version": .string,
        "name": .string,
        "include": .list(include, unique: false),
        "services": .names(service, .resource),
        "networks": .names(network, .lenientResource),
        "volumes": .names(volume, .resource),
        "secrets": .names(secret, .resource),
        "configs": .names(config, .resource),
        "models": .names(model, .lenientResource),
    ])

    private static let include = Shape.either([
        .string,
        .keys(
            [
                "path": .stringOrStrings, "env_file": .stringOrStrings,
                "project_directory": .string,
            ],
            extensible: false
        ),
    ])
}
