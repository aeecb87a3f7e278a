import ComposeFile
import Orchestrator

/// Which project a command means; its files are read when more is asked for than its name.
struct ProjectReference: Sendable {
    /// What of the files has been read.
    private enum Model {
        case unread
        /// The project is known by name only.
        case absent
        case read(Project)
    }

    let name: String
    private let session: Session
    private var model: Model
    /// Its containers, where they have been looked at.
    private var existing: [ExistingContainer]?

    fileprivate init(of session: Session) throws {
        self.session = session
        if let name = session.projectNameAlone() {
            self.name = name
            model = .unread
        } else if let project = try session.loadProjectIfPresent() {
            name = project.name
            model = .read(project)
        } else {
            name = session.global.projectName ?? session.environment["COMPOSE_PROJECT_NAME"] ?? ""
            model = .absent
        }
    }

    /// Its model; nil when the project is known by name only.
    func project() throws -> Project? {
        switch model {
        case .unread: try session.loadProjectIfPresent()
        case .absent: nil
        case .read(let project): project
        }
    }

    /// Its containers, as they are or as they just were.
    func containers() throws -> [ExistingContainer] {
        try existing ?? ContainerStore(session.paths).containers(of: name)
    }

    /// The containers of `services`; without any, those of the active services of the files, or all
    /// containers if only the project's name is known.
    func selection(of services: [String]) throws -> ProjectChange.Selection {
        guard services.isEmpty, let project = try project() else {
            return ProjectChange.Selection(services: services)
        }
        return ProjectChange.Selection(only: Set(project.services.keys))
    }

    /// Throws when a service is named that neither containers nor the files know.
    fileprivate mutating func check(_ services: [String]) throws {
        guard !services.isEmpty else { return }
        let containers = try containers()
        existing = containers
        let used = Set(containers.map(\.record.service))
        guard !used.isSuperset(of: services) else { return }
        let project = try project()
        model = project.map(Model.read) ?? .absent
        let known = used.union(project?.declaredServices ?? [])
        if let stranger = services.first(where: { !known.contains($0) }) {
            throw CommandError.noSuchService(stranger, known: known.sorted())
        }
    }
}

extension Project {
    /// All services of the files, also those that no active profile calls in.
    var declaredServices: Set<String> { Set(services.keys).union(inactiveServices.keys) }

    /// Active services whose output is shown without being asked for.
    var shownServices: Set<String> { Set(services.filter { $0.value.attach != false }.keys) }
}

extension Session {
    /// The project of a command that can do without its file: by `-p` alone, or from the file.
    ///
    /// Throws when a service is named that neither file nor containers know.
    func projectReference(naming services: [String] = []) throws -> ProjectReference {
        var reference = try ProjectReference(of: self)
        try reference.check(services)
        return reference
    }
}
