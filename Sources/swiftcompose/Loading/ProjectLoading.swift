import ComposeFile
import Linux
import OCI
import SystemPackage

extension Session {
    /// Loads the project that the global options select, with the given services and their
    /// dependencies, or all active services. Prints warnings and errors on standard error.
    ///
    /// Unused networks and volumes are omitted unless `keepsUnused` or `--all-resources` is set.
    func loadProject(
        services: [String] = [],
        keepsUnused: Bool = false,
        _ adjust: (inout LoadOptions) -> Void = { _ in }
    ) throws -> Project {
        try reportingErrors { () throws(ComposeErrors) in
            try load(services, keepsUnused: keepsUnused, adjust)
        }
    }

    /// Loads the project; prints the warnings and throws the errors.
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
            if global.compatibility { project.nameSeparator = "_" }
            try project.select(services)
            if options.checksConsistency { try project.checkContainerNames() }
            // Env files of services activated by name have not been read yet.
            if options.readsEnvFiles { try project.readEnvFiles(files, warnings: &warnings) }
            if !global.allResources, !keepsUnused { project.dropUnusedResources() }
            return project
        }
        show(warnings)
        return try result.get()
    }

    /// Returns the project's name if it is known without loading the files.
    func projectNameAlone() -> String? {
        if isNamedWithoutFiles { return nil }
        return ProjectLoader(loadOptions, files: files).nameAlone()
    }

    /// Returns the variables for interpolation: the environment and those of `.env` or `--env-file`.
    func projectVariables() throws -> [String: String] {
        try reportingErrors { () throws(ComposeErrors) in
            try ProjectLoader(loadOptions, files: files).variables()
        }
    }

    /// Loads the project; nil if only its name is known: from `--project-name` without a file, or
    /// from `COMPOSE_PROJECT_NAME` if there is no file.
    func loadProjectIfPresent() throws -> Project? {
        if isNamedWithoutFiles { return nil }
        let isNamed =
            environment["COMPOSE_PROJECT_NAME"].map { !$0.isEmpty && $0 != "auto" } ?? false
        do throws(ComposeErrors) {
            // Env files do not affect existing containers.
            return try load([], keepsUnused: false) { $0.readsEnvFiles = false }
        } catch  where isNamed && error.isNoFileFound {
            return nil
        } catch {
            throw report(error)
        }
    }

    /// Loads the project without printing anything; nil if that fails.
    func projectForCompletion() -> Project? {
        var options = loadOptions
        options.readsEnvFiles = false
        options.checksConsistency = false
        var warnings: [ComposeWarning] = []
        // The command itself reports the errors once it is run.
        return try? Project(loading: options, files: files, warnings: &warnings)
    }

    /// The variables that the Compose files use; empty if they cannot be read.
    var usedVariables: [String] {
        let origins = try? ProjectLoader(loadOptions, files: files).originsOfVariables()
        return (origins ?? []).map(\.name)
    }

    /// Loads the project with its env files without printing anything; nil if that fails, or if the
    /// project is only known by name.
    func projectForRestart() -> Project? {
        guard !isNamedWithoutFiles else { return nil }
        var warnings: [ComposeWarning] = []
        // The next 'up' reports the errors.
        var project = try? Project(loading: loadOptions, files: files, warnings: &warnings)
        if global.compatibility { project?.nameSeparator = "_" }
        return project
    }

    /// Whether `--project-name` is given without a file.
    private var isNamedWithoutFiles: Bool {
        global.files.isEmpty && global.projectName?.isEmpty == false
    }

    /// Loads the merged tree of the project, before it is decoded.
    func loadTree(_ adjust: (inout LoadOptions) -> Void = { _ in }) throws -> LoadedTree {
        var options = loadOptions
        adjust(&options)
        let tree = try reportingErrors { () throws(ComposeErrors) in
            try ProjectLoader(options, files: files).tree()
        }
        show(tree.warnings)
        return tree
    }

    /// The origins of the value of a variable or attribute, or those of all variables.
    func origins(of subject: String, _ steps: ConfigSteps) throws -> [ValueOrigin] {
        var options = loadOptions
        steps.adjust(&options)
        let loader = ProjectLoader(options, files: files)
        return try reportingErrors { () throws(ComposeErrors) in
            if subject.isEmpty { return try loader.originsOfVariables() }
            let project = try load([], keepsUnused: true) { $0.readsEnvFiles = false }
            var full = project
            var warnings: [ComposeWarning] = []
            try full.readEnvFiles(files, warnings: &warnings)
            return [try loader.origin(of: subject, in: project, withEnvFiles: full)]
        }
    }

    /// Runs `work` and prints its errors on standard error.
    func reportingErrors<Result>(_ work: () throws(ComposeErrors) -> Result) throws -> Result {
        do throws(ComposeErrors) {
            return try work()
        } catch {
            throw report(error)
        }
    }

    /// Prints errors on standard error and returns the error to throw instead.
    func report(_ faults: ComposeErrors) -> ExitStatusError {
        Diagnostics(files: files, terminal: errors).print(faults)
        return ExitStatusError(code: 1)
    }

    /// The file system as the loader sees it.
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
    fileprivate var isNoFileFound: Bool {
        errors.contains { error in
            if case .loading(.noFile) = error.problem { true } else { false }
        }
    }
}
