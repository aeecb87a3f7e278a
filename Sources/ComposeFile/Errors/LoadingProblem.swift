public import YAML

/// An error while files are found, read and merged.
public enum LoadingProblem: Sendable, Equatable {
    // Files.
    case yaml(YAMLError.Problem)
    case unreadable(String, reason: String)
    case noFile(directory: String)
    case emptyProject
    case remote(String)
    /// Of a service, named as `SERVICE.KEY`.
    case noSuchAttribute(String)
    case missingEnvFile(String)
    case notAFile(String)

    // Names and variables.
    case invalidProjectName(String)
    case noProjectName
    case notBoolean(variable: String, value: String)
    case template(TemplateError, path: String)
    case wrongType(String, found: String, path: String)

    // Merging.
    case cannotMerge(path: String, found: String, over: String, first: SourceLocation)
    case missingTarget(path: String)
    case missingSource(path: String)

    // `extends`.
    case extendsWithoutService(service: String)
    case extendsUndefined(String, by: String, file: String, known: [String])
    case extendsCycle([String])
    case chainTooLong(attribute: String, limit: Int)

    // `include`.
    case includeCycle([String])
    case includeConflict(String, first: SourceLocation)

    // Env files.
    case dotenv(DotenvProblem)
}
