import YAML

/// An entry of `include`.
private struct Include {
    /// The files, merged like those of `-f`.
    var paths: [YAMLNode]
    var projectDirectory: String?
    var envFiles: [YAMLNode]
}

extension TreeLoader {
    /// Returns a file's tree with the resources of included projects.
    ///
    /// Source: Compose Specification, `include`.
    mutating func included(
        _ root: YAMLNode,
        of source: SourceFile,
        in scope: Scope
    )
        throws(ComposeErrors) -> YAMLNode
    {
        guard let list = root.mapping?["include"] else { return root }
        var root = root
        for include in try includes(list) {
            let imported = try project(of: include, in: scope)
            try root.changeMapping { file throws(ComposeErrors) in
                try add(imported, to: &file)
            }
        }
        root.changeMapping { $0.removeValue(forKey: "include") }
        return root
    }

    private func includes(_ list: YAMLNode) throws(ComposeErrors) -> [Include] {
        if list.isNull { return [] }
        guard let elements = list.sequence else {
            throw ComposeErrors(
                .expected("a list", found: list.kind, path: "include"),
                at: list.location
            )
        }
        var includes: [Include] = []
        for (index, element) in elements.enumerated() {
            includes.append(try include(element, path: "include[\(index)]"))
        }
        return includes
    }

    private func include(_ node: YAMLNode, path: String) throws(ComposeErrors) -> Include {
        if node.string != nil { return Include(paths: [node], envFiles: []) }
        guard let mapping = node.mapping else {
            throw ComposeErrors(
                .expected("a path or a mapping", found: node.kind, path: path),
                at: node.location
            )
        }
        return Include(
            paths: try texts(mapping["path"], path: "\(path).path"),
            projectDirectory: mapping["project_directory"]?.string,
            envFiles: try texts(mapping["env_file"], path: "\(path).env_file")
        )
    }

    private func texts(_ node: YAMLNode?, path: String) throws(ComposeErrors) -> [YAMLNode] {
        guard let node, !node.isNull else { return [] }
        let all = node.sequence ?? [node]
        for element in all where element.string == nil {
            throw ComposeErrors(
                .expected("a path", found: element.kind, path: path),
                at: element.location
            )
        }
        return all
    }

    private mutating func project(
        of include: Include,
        in scope: Scope
    ) throws(ComposeErrors)
        -> YAMLNode
    {
        var paths: [String] = []
        for node in include.paths {
            let text = node.string ?? ""
            try rejectRemote(text, at: node.location)
            paths.append(HostPath.absolute(text, from: scope.directory))
            if paths.count == 1 { try rejectCycle(paths[0], at: node.location, in: scope) }
        }
        let scope = try self.scope(of: include, main: paths.first, in: scope)
        var sources: [SourceFile] = []
        for path in paths { sources.append(try files.source(path)) }
        let outer = bases
        bases = [:]
        defer { bases = outer }
        return try tree(of: sources, in: scope)
    }

    private mutating func scope(
        of include: Include,
        main: String?,
        in outer: Scope
    )
        throws(ComposeErrors) -> Scope
    {
        var scope = outer
        scope.resolvesPaths = true
        if let given = include.projectDirectory, !given.isEmpty {
            scope.directory = HostPath.absolute(given, from: outer.directory)
            scope.base = HostPath.isAbsolute(given) ? given : relative(scope.directory, in: outer)
        } else {
            scope.directory = HostPath.directory(main ?? outer.directory)
            scope.base = relative(scope.directory, in: outer)
        }
        let envFiles = try envFiles(of: include, in: scope, outer)
        try files.addVariables(of: envFiles, to: &scope.environment, warnings: &warnings)
        return scope
    }

    private func relative(_ directory: String, in outer: Scope) -> String {
        HostPath.relative(directory, from: outer.directory)
    }

    private func envFiles(
        of include: Include,
        in scope: Scope,
        _ outer: Scope
    )
        throws(ComposeErrors) -> [String]
    {
        if include.envFiles.isEmpty {
            let usual = HostPath.join(scope.directory, ".env")
            return files.isReadable(usual) ? [usual] : []
        }
        var paths: [String] = []
        for node in include.envFiles {
            let path = HostPath.absolute(node.string ?? "", from: outer.directory)
            guard let kind = files.kind(path) else {
                throw ComposeErrors(.loading(.missingEnvFile(path)), at: node.location)
            }
            guard kind != .directory else {
                throw ComposeErrors(.loading(.notAFile(path)), at: node.location)
            }
            paths.append(path)
        }
        return paths
    }

    private func rejectCycle(
        _ path: String,
        at location: SourceLocation,
        in scope: Scope
    )
        throws(ComposeErrors)
    {
        try checkLength(scope.including.count, of: "include", at: location)
        guard scope.including.contains(path) else { return }
        let steps = (scope.including + [path]).map(files.shown)
        throw ComposeErrors(.loading(.includeCycle(steps)), at: location)
    }

    /// Throws if a path refers to a repository, a registry or a web server.
    func rejectRemote(_ path: String, at location: SourceLocation) throws(ComposeErrors) {
        let remote = ["oci://", "http://", "https://", "git://", "ssh://", "git@", "github.com/"]
        if remote.contains(where: path.hasPrefix) {
            throw ComposeErrors(.loading(.remote(path)), at: location)
        }
    }

    private func add(_ imported: YAMLNode, to file: inout Mapping) throws(ComposeErrors) {
        var errors: [ComposeError] = []
        for section in ["services", "volumes", "networks", "secrets", "configs", "models"] {
            guard let from = imported.mapping?[section], let resources = from.mapping else {
                continue
            }
            if file[section]?.mapping == nil {
                file[section] = YAMLNode(.mapping(Mapping()), at: from.location)
            }
            file.change(section) { target in
                target.changeMapping { errors += merge(resources, into: &$0, section) }
            }
        }
        if !errors.isEmpty { throw ComposeErrors(errors) }
    }

    private func merge(
        _ resources: Mapping,
        into target: inout Mapping,
        _ section: String
    )
        -> [ComposeError]
    {
        var errors: [ComposeError] = []
        for entry in resources {
            guard let own = target.entry(entry.key) else {
                target.set(entry)
                continue
            }
            if own.value == entry.value { continue }
            let problem = LoadingProblem.includeConflict(
                "\(section).\(entry.key)",
                first: entry.keyLocation
            )
            errors.append(ComposeError(.loading(problem), at: own.keyLocation))
        }
        return errors
    }
}
