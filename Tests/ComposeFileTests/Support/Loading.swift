import Testing
import YAML

@testable import ComposeFile

/// Loads the project of `/work/compose.yaml`.
func project(
    _ text: String,
    environment: [String: String] = [:],
    profiles: [String] = [],
    files: [String: String] = [:],
    _ adjust: (inout LoadOptions) -> Void = { _ in }
) throws -> Project {
    var options = LoadOptions()
    options.projectName = "demo"
    options.environment = environment
    options.profiles = profiles
    adjust(&options)
    let access = MemoryFiles(files: files.merging(["/work/compose.yaml": text]) { $1 }).access
    var warnings: [ComposeWarning] = []
    return try Project(loading: options, files: access, warnings: &warnings)
}

/// Loads a service `web` with image `web` and the given attributes.
func service(_ attributes: String) throws -> Service {
    let body = attributes.split(separator: "\n").map { "    \($0)\n" }.joined()
    let loaded = try project("services:\n  web:\n    image: web\n\(body)")
    return try #require(loaded.services["web"])
}

/// The errors of a project that must fail to load.
func loadingErrors(
    of text: String,
    _ adjust: (inout LoadOptions) -> Void = { _ in }
) -> [ComposeError] {
    let errors = #expect(throws: ComposeErrors.self) { _ = try project(text, adjust) }
    return errors?.errors ?? []
}
