import ContainerNetwork
import Linux

// Lookup of containers in this project and in others.
extension SupervisedContainers {
    /// The first process of a running container of any project, by id or name.
    func runningPID(of idOrName: String) -> Int32? {
        if let run = find(idOrName)?.run { return run.process.pid }
        return containerInOtherProject(where: {
            $0.record.id == idOrName || $0.record.name == idOrName
        })?.state.pid
    }

    /// The host name of a container of any project.
    func hostname(of idOrName: String) -> String? {
        let record =
            find(idOrName)?.record
            ?? containerInOtherProject(where: {
                $0.record.id == idOrName || $0.record.name == idOrName
            })?.record
        return record.map { $0.names.hostname ?? String($0.id.prefix(12)) }
    }

    /// The files of a container of any project, by id or name.
    func paths(of idOrName: String) -> ContainerPaths? {
        if let known = find(idOrName) { return known.files.paths }
        let found = containerInOtherProject(where: {
            $0.record.id == idOrName || $0.record.name == idOrName
        })
        return found.map { environment.paths.project($0.record.project).container($0.record.id) }
    }

    /// A running container of another project.
    func containerInOtherProject(where isWanted: (ExistingContainer) -> Bool) -> ExistingContainer?
    {
        let store = ContainerStore(environment.paths)
        do {
            for name in try store.projects() where name != environment.project {
                // A project that is being removed has no running containers.
                let others = try? store.readableContainers(of: name)
                if let found = others?.containers.first(where: isWanted) { return found }
            }
        } catch {
            environment.log("other projects cannot be listed: \(error)")
        }
        return nil
    }
}
