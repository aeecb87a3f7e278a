import YAML

/// Finds and reads a project's files.
///
/// Source: docker compose's precedence of options, variables, env files and Compose files.
public struct ProjectLoader: Sendable {
    let options: LoadOptions
    let files: FileAccess

    public init(_ options: LoadOptions, files: FileAccess) {
        self.options = options
        self.files = files
    }

    /// The merged tree of the project.
    public func tree() throws(ComposeErrors) -> LoadedTree {
        var search = try ProjectSearch(options, files: files)
        guard !search.paths.isEmpty else {
            let directory = search.workingDirectory
            throw error(.noFile(directory: directory), in: directory)
        }
        var sources: [SourceFile] = []
        for path in search.paths { sources.append(try source(path)) }
        let name = try search.name(of: sources)
        search.environment["COMPOSE_PROJECT_NAME"] = name
        var loader = TreeLoader(files: files, interpolates: options.interpolates)
        let scope = TreeLoader.Scope(
            directory: search.workingDirectory,
            base: search.workingDirectory,
            environment: search.environment,
            resolvesPaths: options.resolvesPaths
        )
        let root = try loader.tree(of: sources, in: scope)
        guard root.mapping?.isEmpty == false else {
            throw ComposeErrors(.loading(.emptyProject), at: root.location)
        }
        guard !name.isEmpty else {
            throw ComposeErrors(.loading(.noProjectName), at: root.location)
        }
        return LoadedTree(
            root: root,
            environment: search.environment,
            workingDirectory: search.workingDirectory,
            name: name,
            files: search.paths,
            profiles: search.profiles,
            warnings: search.warnings + loader.warnings
        )
    }

    /// The variables of the process and the env files.
    public func variables() throws(ComposeErrors) -> [String: String] {
        try ProjectSearch(options, files: files).environment
    }

    private func source(_ path: String) throws(ComposeErrors) -> SourceFile {
        if path.hasPrefix("/") || path == "-" { return try files.source(path) }
        throw error(.remote(path), in: path)
    }

    private func error(_ problem: LoadingProblem, in file: String) -> ComposeErrors {
        ComposeErrors(.loading(problem), at: SourceLocation(file: file, line: 0, column: 0))
    }
}
