import YAML

/// The search for a project's files, directory, variables and name.
struct ProjectSearch {
    /// The variables of the process and the env files.
    var environment: [String: String]
    /// The absolute paths of the Compose files, in order.
    private(set) var paths: [String] = []
    private(set) var warnings: [ComposeWarning] = []
    private let options: LoadOptions
    private let files: FileAccess

    private static let names = [
        "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml",
    ]
    private static let overrides = [
        "compose.override.yml", "compose.override.yaml",
        "docker-compose.override.yml", "docker-compose.override.yaml",
    ]

    /// Searches for files and variables.
    ///
    /// Env files are read twice, as the Compose files may be in another directory than the first
    /// `.env`.
    init(_ options: LoadOptions, files: FileAccess) throws(ComposeErrors) {
        self.options = options
        self.files = files
        environment = options.environment
        if environment["PWD"] == nil { environment["PWD"] = files.currentDirectory }
        paths = options.files.map { ProjectSearch.isRemote($0) ? $0 : absolute($0) }
        try addEnvFiles()
        if paths.isEmpty { try takeFilesFromVariable() }
        if paths.isEmpty { findFiles() }
        try addEnvFiles()
    }

    /// The absolute directory to which relative paths refer.
    var workingDirectory: String {
        if let given = options.projectDirectory, !given.isEmpty { return files.absolute(given) }
        guard let first = paths.first(where: { $0 != "-" }), HostPath.isAbsolute(first) else {
            return files.currentDirectory
        }
        return HostPath.directory(first)
    }

    /// The active profiles.
    var profiles: [String] {
        if !options.profiles.isEmpty { return options.profiles }
        let names = (environment["COMPOSE_PROFILES"] ?? "").split(separator: ",")
        return names.map(ProjectSearch.trimmed).filter { !$0.isEmpty }
    }

    private mutating func addEnvFiles() throws(ComposeErrors) {
        let chosen = try envFiles()
        try files.addVariables(of: chosen, to: &environment, warnings: &warnings)
    }

    /// The absolute paths of the env files with variables for interpolation.
    func envFiles() throws(ComposeErrors) -> [String] {
        let variable = options.environment["COMPOSE_ENV_FILES"] ?? ""
        let named = options.envFiles.isEmpty ? ProjectSearch.list(variable) : options.envFiles
        guard named.isEmpty else { return named.map(files.absolute) }
        if let value = options.environment["COMPOSE_DISABLE_ENV_FILE"] {
            guard let isDisabled = BooleanText.go(value) else {
                let problem = LoadingProblem.notBoolean(
                    variable: "COMPOSE_DISABLE_ENV_FILE",
                    value: value
                )
                throw error(problem)
            }
            if isDisabled { return [] }
        }
        let usual = HostPath.join(workingDirectory, ".env")
        return files.isReadable(usual) ? [usual] : []
    }

    private mutating func takeFilesFromVariable() throws(ComposeErrors) {
        guard let list = environment["COMPOSE_FILE"] else { return }
        let given = environment["COMPOSE_PATH_SEPARATOR"] ?? ""
        let separator = given.isEmpty ? ":" : given
        for name in list.components(separatedBy: separator) {
            let path = absolute(name)
            guard path == "-" || files.kind(path) != nil else {
                let reason = "no such file or directory (named by COMPOSE_FILE)"
                throw error(.unreadable(path, reason: reason))
            }
            paths.append(path)
        }
    }

    private mutating func findFiles() {
        var directory = workingDirectory
        while true {
            if let main = choose(ProjectSearch.names, in: directory) {
                paths.append(main)
                if let override = choose(ProjectSearch.overrides, in: directory) {
                    paths.append(override)
                }
                return
            }
            let parent = HostPath.directory(directory)
            if parent == directory { return }
            directory = parent
        }
    }

    private mutating func choose(_ names: [String], in directory: String) -> String? {
        let found = names.map { HostPath.join(directory, $0) }.filter { files.kind($0) != nil }
        if found.count > 1 {
            let list = found.map(files.shown).joined(separator: ", ")
            warnings.append(
                ComposeWarning(
                    "found multiple config files with supported names: \(list); using the first"
                )
            )
        }
        return found.first
    }

    private func absolute(_ path: String) -> String {
        path == "-" ? path : files.absolute(path)
    }

    private func error(_ problem: LoadingProblem) -> ComposeErrors {
        let location = SourceLocation(file: files.currentDirectory, line: 0, column: 0)
        return ComposeErrors(.loading(problem), at: location)
    }

    private static func isRemote(_ path: String) -> Bool {
        path.contains("://") || path.hasPrefix("git@") || path.hasPrefix("github.com/")
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map(String.init)
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }
}

extension ProjectSearch {
    /// The project name: from the option, the variable, the files, or the directory.
    func name(of sources: [SourceFile]) throws(ComposeErrors) -> String {
        if let given = try givenName() { return given }
        // Another value is the user's own: docker compose accepts any.
        let isByWorktree = sources.compactMap(\.projectRule).last?.string == "worktree"
        let written = sources.compactMap(\.projectName).last
        return try name(written: written, isByWorktree: isByWorktree)
    }

    /// The name given by the option or the variable, which must be valid as it is.
    func givenName() throws(ComposeErrors) -> String? {
        let variable = isNamedByWorktree ? nil : environment["COMPOSE_PROJECT_NAME"]
        for name in [options.projectName, variable] {
            guard let name, !name.isEmpty else { continue }
            guard ProjectSearch.normalised(name) == name else {
                throw error(.invalidProjectName(name))
            }
            return name
        }
        return nil
    }

    /// Whether the variable asks for the name of the Git worktree or branch.
    private var isNamedByWorktree: Bool { environment["COMPOSE_PROJECT_NAME"] == "auto" }

    /// The name given by the files, otherwise by the directory, with that of the Git worktree or
    /// branch behind it if the variable or `isByWorktree` asks for that.
    func name(written node: YAMLNode?, isByWorktree: Bool = false) throws(ComposeErrors) -> String {
        let name = try baseName(written: node)
        guard isByWorktree || isNamedByWorktree,
            let label = GitWorktree.label(of: workingDirectory, files)
        else { return name }
        return "\(name)-\(ProjectSearch.normalised(label))"
    }

    private func baseName(written node: YAMLNode?) throws(ComposeErrors) -> String {
        guard let node else { return ProjectSearch.normalised(HostPath.base(workingDirectory)) }
        let name = try interpolated(node)
        return options.normalizes ? ProjectSearch.normalised(name) : name
    }

    /// The valid part of a name: in lower case, starting with a letter or digit.
    static func normalised(_ name: String) -> String {
        let allowed = name.lowercased().utf8.filter { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let leading = allowed.prefix { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
        return String(decoding: allowed.dropFirst(leading.count), as: UTF8.self)
    }

    private func interpolated(_ name: YAMLNode) throws(ComposeErrors) -> String {
        let text = name.string ?? ""
        guard options.interpolates else { return text }
        let environment = environment
        var template = Template { environment[$0] }
        do {
            return try template.substitute(text)
        } catch {
            throw ComposeErrors(.loading(.template(error, path: "name")), at: name.location)
        }
    }
}

extension String {
    /// The parts between separators, including empty ones.
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
