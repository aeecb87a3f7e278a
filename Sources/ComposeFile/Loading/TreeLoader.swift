import YAML

/// Merges files to a tree, including those that they extend and include.
struct TreeLoader {
    /// The project to which a file belongs: the loaded project or an included one.
    struct Scope {
        /// The absolute directory to which relative paths refer.
        var directory: String
        /// The prefix of relative paths; absolute, or relative to the including project.
        var base: String
        var environment: [String: String]
        var resolvesPaths: Bool
        /// The chain of including files.
        var including: [String] = []
    }

    let files: FileAccess
    let interpolates: Bool
    var warnings: [ComposeWarning] = []
    /// The services of files used by `extends`, by path.
    var bases: [String: ExtendsBase] = [:]

    init(files: FileAccess, interpolates: Bool) {
        self.files = files
        self.interpolates = interpolates
    }

    /// Returns the tree of a project.
    mutating func tree(
        of sources: [SourceFile],
        in scope: Scope
    ) throws(ComposeErrors)
        -> YAMLNode
    {
        var root = YAMLNode(.mapping(Mapping()), at: TreeLoader.start(of: sources))
        var including = scope.including
        for source in sources {
            for document in source.documents {
                including.append(source.path)
                var scope = scope
                scope.including = including
                root = try add(document, of: source, to: root, in: scope)
            }
        }
        root = TreeDefaults.apply(root)
        try TreeChecks.validate(root)
        if scope.resolvesPaths {
            root = try PathResolution(base: scope.base, files: files).resolve(root)
        }
        return interpolates ? EnvironmentResolution.apply(to: root, scope.environment) : root
    }

    private mutating func add(
        _ document: YAMLDocument,
        of source: SourceFile,
        to earlier: YAMLNode,
        in scope: Scope
    ) throws(ComposeErrors) -> YAMLNode {
        var root = try interpolated(document.root, in: scope)
        root = try extended(root, document.marks, of: source, in: scope)
        let earlier = earlier.removing(document.marks)
        root = try included(root, of: source, in: scope)
        root = try Merge.files(earlier, root)
        root = try Uniqueness.enforce(root)
        try Schema.validate(root)
        dropVersion(&root)
        return try longForms(root)
    }

    /// Returns a document, which must be a mapping, with variables interpolated.
    mutating func interpolated(
        _ root: YAMLNode,
        in scope: Scope
    ) throws(ComposeErrors)
        -> YAMLNode
    {
        guard root.mapping != nil else {
            throw ComposeErrors(
                .expected("a mapping of sections such as 'services'", found: root.kind, path: ""),
                at: root.location
            )
        }
        guard interpolates else { return root }
        let environment = scope.environment
        return try Interpolation.apply(to: root, warnings: &warnings) { environment[$0] }
    }

    /// Throws if a chain of files or services, which is followed by recursion, is too long.
    func checkLength(
        _ count: Int,
        of attribute: String,
        at location: SourceLocation
    ) throws(ComposeErrors) {
        let limit = 256
        guard count >= limit else { return }
        let problem = LoadingProblem.chainTooLong(attribute: attribute, limit: limit)
        throw ComposeErrors(.loading(problem), at: location)
    }

    /// Returns a tree with short forms expanded.
    func longForms(_ root: YAMLNode) throws(ComposeErrors) -> YAMLNode {
        var root = try LongForms.expand(root, lenient: !interpolates)
        root.change(at: ["services", "*", "dns"]) { servers in
            guard let all = servers.sequence else { return }
            servers.content = .sequence(all.filter { !$0.isNull && $0.string != "" })
        }
        return try Uniqueness.enforce(root)
    }

    private mutating func dropVersion(_ root: inout YAMLNode) {
        guard let version = root.mapping?.entry("version") else { return }
        let advice = """
            the attribute `version` is obsolete, it will be ignored, \
            please remove it to avoid potential confusion
            """
        if !warnings.contains(where: { $0.location == version.keyLocation }) {
            warnings.append(ComposeWarning(advice, at: version.keyLocation))
        }
        root.changeMapping { $0.removeValue(forKey: "version") }
    }

    private static func start(of sources: [SourceFile]) -> SourceLocation {
        sources.first?.documents.first?.root.location
            ?? SourceLocation(file: sources.first?.path ?? "", line: 0, column: 0)
    }
}
