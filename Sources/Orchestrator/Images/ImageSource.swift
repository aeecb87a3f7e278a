public import ComposeFile

/// Finds, pulls or builds the images of the named services of a project, showing the progress.
public typealias ImageSource =
    @Sendable (
        _ project: Project,
        _ services: [String],
        _ building: ImageSupply.Building
    ) async throws -> [String: ServiceImage]
