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
        var options = loadOptions
        adjust(&options)
        var warnings: [ComposeWarning] = []
        let result = Result { () throws(ComposeErrors) in
            var project = try Project(loading: options, files: files, warnings: &warnings)
            try project.select(services)
            // Services that only their names have called in have not been read yet.
            if options.readsEnvFiles { try project.readEnvFiles(files, warnings: &warnings) }
            if !global.allResources, !keepsUnused { project.dropUnusedResources() }
            return project
        }
        tell(warnings)
        return try telling(result.get)
    }

    /// The project; nil when there is no file but a name that tells which one is meant.
    func loadProjectIfPresent() throws -> Project? {
        let name = global.projectName ?? environment["COMPOSE_PROJECT_NAME"] ?? ""
        guard !name.isEmpty else { return try loadProject() }
        do throws(ComposeErrors) {
            _ = try ProjectLoader(loadOptions, files: files).tree()
        } catch  where error.saysThatThereIsNoFile {
            return nil
        } catch {
            throw refuse(error)
        }
        return try loadProject()
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
