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
        try readLabelFiles(files, warnings: &warnings)
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
