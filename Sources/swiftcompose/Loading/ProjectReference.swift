import ComposeFile
import Orchestrator

/// The project that a command works on; its files are read only if more than its name is needed.
struct ProjectReference: Sendable {
    /// The state of the project's model.
    private enum Model {
        case unread
        /// The project is known by name only.
        case absent
        case read(Project)
    }

    let name: String
    private let session: Session
    private var model: Model
    /// Its readable containers, once they have been read.
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

    /// Returns its model; nil if the project is known by name only.
    func project() throws -> Project? {
        switch model {
        case .unread: try session.loadProjectIfPresent()
        case .absent: nil
        case .read(let project): project
        }
    }

    /// Returns its containers, as they were when first read.
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

    /// Reads its containers; returns those that cannot be read, with the error of each.
    fileprivate mutating func readContainers() throws -> [(id: String, fault: any Error)] {
        let (readable, unreadable) = try ContainerStore(session.paths).readableContainers(of: name)
        existing = readable
        return unreadable
    }

    /// Throws if a service is in neither the containers nor the files.
    fileprivate mutating func check(_ services: [String]) throws {
        guard !services.isEmpty else { return }
        let used = Set(try containers().map(\.record.service))
        guard !used.isSuperset(of: services) else { return }
        let project = try project()
        model = project.map(Model.read) ?? .absent
        let known = used.union(project?.declaredServices ?? [])
        if let unknown = services.first(where: { !known.contains($0) }) {
            throw CommandError.noSuchService(unknown, known: known.sorted())
        }
    }
}

extension Project {
    /// All services of the files, including those of inactive profiles.
    var declaredServices: Set<String> { Set(services.keys).union(inactiveServices.keys) }

    /// Active services whose output is shown by default.
    var shownServices: Set<String> { Set(services.filter { $0.value.attach != false }.keys) }
}

extension Session {
    /// Returns the name of the project without reading its containers.
    func projectName() throws -> String { try ProjectReference(of: self).name }

    /// Returns the project of a command that does not need the Compose file: by `-p`, or from it.
    ///
    /// Throws if a service is in neither the containers nor the files.
    func projectReference(naming services: [String] = []) throws -> ProjectReference {
        var reference = try ProjectReference(of: self)
        let unreadable = try reference.readContainers()
        try reference.check(services)
        warnOfDamage(unreadable)
        return reference
    }

    /// Warns of containers whose records cannot be read, which every command but `down` omits.
    func warnOfDamage(_ unreadable: [(id: String, fault: any Error)]) {
        for (_, fault) in unreadable { warn("\(fault)") }
    }
}
