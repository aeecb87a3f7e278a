import YAML

extension Project {
    /// Finds, reads and validates the project selected by the options.
    public init(
        loading options: LoadOptions,
        files: FileAccess,
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        let tree = try ProjectLoader(options, files: files).tree()
        warnings += tree.warnings
        try self.init(tree, options, files: files, warnings: &warnings)
    }

    /// Creates the model of a tree: normalises, decodes, activates profiles, validates, and reads
    /// the services' env files and label files.
    public init(
        _ tree: LoadedTree,
        _ options: LoadOptions,
        files: FileAccess,
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        try self.init(
            root: options.normalizes ? tree.normalised : tree.root,
            name: tree.name,
            workingDirectory: tree.workingDirectory
        )
        composeFiles = tree.files
        environment = tree.environment
        activate(profiles: tree.profiles)
        if options.checksConsistency {
            try ConsistencyCheck.validate(self)
            unifyReplicas()
        }
        if options.readsEnvFiles { try readEnvFiles(files, warnings: &warnings) }
        warnings += mistakenVariables(in: tree.warnings)
        try readLabelFiles(files, warnings: &warnings)
    }

    /// Warns of variables in commands that are not set for interpolation, but in the environment of
    /// the service, which only its processes see.
    private func mistakenVariables(in warnings: [ComposeWarning]) -> [ComposeWarning] {
        warnings.compactMap { warning in
            guard let (variable, path) = warning.unset, path.count > 2, path[0] == "services",
                ["command", "entrypoint", "healthcheck"].contains(path[2]),
                services[path[1]]?.environment[variable] != nil
            else { return nil }
            return ComposeWarning(
                "services.\(path[1]).\(path[2]): only the environment of the service sets "
                    + "\(variable), which is not interpolated; write $$\(variable) for the shell in "
                    + "the container",
                at: warning.location
            )
        }
    }

    /// Copies `scale` to `deploy.replicas`.
    private mutating func unifyReplicas() {
        for (name, service) in services {
            if let scale = service.scale, service.deploy != nil {
                services[name]?.deploy?.replicas = scale
            }
        }
    }
}

extension LoadedTree {
    /// The normalised tree.
    var normalised: YAMLNode {
        Normalisation.apply(root, projectName: name, environment: environment)
    }
}
