import ComposeFile
import Orchestrator

/// Which project a command means, with as much of its model as could be found.
struct ProjectReference {
    var name: String
    /// Its model; nil when the project is known by name only.
    var project: Project?
}

extension ProjectReference {
    /// Services of the file; nil when the project is known by name only.
    var declaredServices: Set<String>? {
        project.map { Set($0.services.keys).union($0.inactiveServices.keys) }
    }

    /// Those of them that no inactive profile keeps out.
    var activeServices: [String]? { project?.serviceNames }

    /// Active services whose output is shown without being asked for.
    var shownServices: Set<String>? {
        project.map { Set($0.services.filter { $0.value.attach != false }.keys) }
    }
}

extension Session {
    /// The project of a command that can do without its file: by `-p` alone, or from the file.
    ///
    /// Throws when a service is named that neither file nor containers know.
    func projectReference(naming services: [String] = []) throws -> ProjectReference {
        let reference = try findProject()
        let existing = try ContainerStore(paths).containers(of: reference.name)
        let known = (reference.declaredServices ?? []).union(existing.map(\.record.service))
        if let stranger = services.first(where: { !known.contains($0) }) {
            throw CommandError.noSuchService(stranger, known: known.sorted())
        }
        return reference
    }

    private func findProject() throws -> ProjectReference {
        guard let project = try loadProjectIfPresent() else {
            let name = global.projectName ?? environment["COMPOSE_PROJECT_NAME"] ?? ""
            return ProjectReference(name: name)
        }
        return ProjectReference(name: project.name, project: project)
    }
}
