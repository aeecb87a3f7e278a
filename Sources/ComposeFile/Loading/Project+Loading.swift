import YAML

extension Project {
    /// Finds, reads and checks the project that the options name.
    public init(
        loading options: LoadOptions,
        files: FileAccess,
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        let tree = try ProjectLoader(options, files: files).tree()
        warnings += tree.warnings
        try self.init(tree, options, files: files, warnings: &warnings)
    }

    /// Makes the model of a tree: normalised, decoded, its profiles active, checked, with the
    /// variables and labels of its services' files.
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
            agreeOnReplicas()
        }
        if options.readsEnvFiles { try readEnvFiles(files, warnings: &warnings) }
        try readLabelFiles(files, warnings: &warnings)
    }

    /// Says in `deploy` what `scale` says.
    private mutating func agreeOnReplicas() {
        for (name, service) in services {
            if let scale = service.scale, service.deploy != nil {
                services[name]?.deploy?.replicas = scale
            }
        }
    }
}

extension LoadedTree {
    /// The tree with nothing left to convention.
    var normalised: YAMLNode {
        Normalisation.apply(root, projectName: name, environment: environment)
    }
}
