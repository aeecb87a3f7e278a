import ComposeFile
import Linux
import OCI
import SystemPackage

extension Session {
    /// Loads the project that the global options name, with the given services and what they
    /// need; all active ones if none is given. Tells warnings and faults on standard error.
    ///
    /// Resources that no service uses are left out unless `keepsUnused` or the options say so.
    func loadProject(
        services: [String] = [],
        keepsUnused: Bool = false,
        _ adjust: (inout LoadOptions) -> Void = { _ in }
    ) throws -> Project {
        try telling { () throws(ComposeErrors) in
            try load(services, keepsUnused: keepsUnused, adjust)
        }
    }

    /// Tells the warnings and throws the faults.
    private func load(
        _ services: [String],
        keepsUnused: Bool,
        _ adjust: (inout LoadOptions) -> Void
    ) throws(ComposeErrors) -> Project {
        var options = loadOptions
        adjust(&options)
        var warnings: [ComposeWarning] = []
        let result = Result { () throws(ComposeErrors) in
            var project = try Project(loading: options, files: files, warnings: &warnings)
            try project.select(services)
            try project.checkContainerNames()
            // Services that only their names have called in have not been read yet.
            if options.readsEnvFiles { try project.readEnvFiles(files, warnings: &warnings) }
            if !global.allResources, !keepsUnused { project.dropUnusedResources() }
            return project
        }
        tell(warnings)
        return try result.get()
    }

    /// The project's name where it can be found without loading its files.
    func projectNameAlone() -> String? {
        if isNamedWithoutFiles { return nil }
        return ProjectLoader(loadOptions, files: files).nameAlone()
    }

    /// The variables that the project's files see: ours, and those of `.env` or `--env-file`.
    func projectVariables() throws -> [String: String] {
        try telling { () throws(ComposeErrors) in
            try ProjectLoader(loadOptions, files: files).variables()
        }
    }

    /// The project; nil when a name alone tells which one is meant: `--project-name` without a
    /// file, or the variable where there is no file.
    func loadProjectIfPresent() throws -> Project? {
        if isNamedWithoutFiles { return nil }
        let isNamed = environment["COMPOSE_PROJECT_NAME"].map { !$0.isEmpty } ?? false
        do throws(ComposeErrors) {
            // Files of variables do not matter to what exists already.
            return try load([], keepsUnused: false) { $0.readsEnvFiles = false }
        } catch  where isNamed && error.saysThatThereIsNoFile {
            return nil
        } catch {
            throw refuse(error)
        }
    }

    /// Whether `--project-name` stands alone, so that no file is meant.
    private var isNamedWithoutFiles: Bool {
        global.files.isEmpty && global.projectName?.isEmpty == false
    }

    /// The merged tree of the project, before it becomes a model.
    func loadTree(_ adjust: (inout LoadOptions) -> Void = { _ in }) throws -> LoadedTree {
        var options = loadOptions
        adjust(&options)
        let tree = try telling { () throws(ComposeErrors) in
            try ProjectLoader(options, files: files).tree()
        }
        tell(tree.warnings)
        return tree
    }

    /// Does something with Compose files; tells its faults on standard error.
    func telling<Result>(_ work: () throws(ComposeErrors) -> Result) throws -> Result {
        do throws(ComposeErrors) {
            return try work()
        } catch {
            throw refuse(error)
        }
    }

    /// Tells faults on standard error; what is thrown then tells nothing more.
    func refuse(_ faults: ComposeErrors) -> ExitStatusError {
        Diagnostics(files: files, terminal: errors).tell(faults)
        return ExitStatusError(code: 1)
    }

    /// The disk as the loader sees it.
    var files: FileAccess { .live(environment: environment) }

    private var loadOptions: LoadOptions {
        var options = LoadOptions()
        options.files = global.files
        options.projectDirectory = global.projectDirectory ?? global.workdir
        options.projectName = global.projectName
        options.envFiles = global.envFiles
        options.profiles = global.profiles
        options.environment = environment
        options.normalizes = !global.compatibility
        return options
    }
}

extension ComposeErrors {
    /// Whether the fault is that no Compose file was found.
    fileprivate var saysThatThereIsNoFile: Bool {
        errors.contains { error in
            if case .loading(.noFile) = error.problem { true } else { false }
        }
    }
}
