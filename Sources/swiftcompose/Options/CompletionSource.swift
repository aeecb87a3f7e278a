import ArgumentParser
import ComposeFile
import ContainerNetwork
import ImageStore
import OCI
import Orchestrator

/// The names that complete a command line.
///
/// Errors yield no names, because a completion cannot report them.
struct CompletionSource {
    private let session: Session?

    /// `words` are the words of the command line, starting with the program's name.
    init(_ words: [String]) {
        let global = SplitArguments(Array(words.dropFirst())).global
        session = (try? GlobalOptions.parse(global)).map { Session($0.settings) }
    }

    private var project: Project? { session?.projectForCompletion() }

    var declaredServices: [String] { (project?.declaredServices ?? []).sorted() }

    func services(where isWanted: (ExistingContainer) -> Bool) -> [String] {
        guard let session, let name = projectName else { return [] }
        let containers = (try? ContainerStore(session.paths).containers(of: name)) ?? []
        return Set(containers.filter(isWanted).map(\.record.service)).sorted()
    }

    var variables: [String] { (session?.usedVariables ?? []).sorted() }

    var profiles: [String] {
        guard let project else { return [] }
        let services = Array(project.services.values) + project.inactiveServices.values
        return Set(services.flatMap(\.profiles)).sorted()
    }

    var projects: [String] {
        session.flatMap { try? ContainerStore($0.paths).projects() } ?? []
    }

    var images: [String] {
        let images = session.flatMap { try? $0.openImages().images() } ?? []
        return images.compactMap { $0.reference?.familiar }.sorted()
    }

    var volumes: [String] { (project?.volumes.keys).map { $0.sorted() } ?? [] }

    var networks: [String] {
        let store = session.map { NetworkStore(directory: $0.paths.networks) }
        return (try? store?.all())?.map(\.name) ?? []
    }

    var existingVolumes: [String] {
        let store = session.map { VolumeStore(directory: $0.paths.volumes) }
        return (try? store?.all())?.map(\.name) ?? []
    }

    var volumeSnapshots: [String] {
        let store = session.flatMap { try? $0.openHost().volumeSnapshots }
        return Set((try? store?.all())?.map(\.name) ?? []).sorted()
    }

    var containers: [String] {
        let store = session.map { ContainerStore($0.paths) }
        return (try? store?.ofAllProjects())?.map(\.record.name) ?? []
    }

    private var projectName: String? { session?.projectNameAlone() ?? project?.name }
}
