import ContainerNetwork
import ContainerRuntime
import Linux
import SystemPackage

/// The traces of a container in the kernel and on disk, found by its id alone.
///
/// For containers whose records cannot be read.
struct ContainerRemains {
    let id: String
    let environment: SupervisorEnvironment

    /// Kills the container's processes and removes its control groups, endpoints, output and
    /// directory.
    func remove() throws {
        try release()
        try ContainerStore(environment.paths).remove(id, of: environment.project)
    }

    /// Kills the container's processes and removes its control groups, endpoints and unlogged output.
    func release() throws {
        try killProcesses()
        try environment.network.store.abandonEndpoints(ofContainer: id)
        environment.keeper.drop(id)
        let spool = environment.files.spool(id)
        if FileSystem.exists(spool) { try FileSystem.removeTree(spool) }
    }

    private func killProcesses() throws {
        // Any other name may be that of a foreign control group.
        guard Identifier.isValid(id) else { return }
        for group in try environment.cgroups.groups(named: id) {
            try group.killAll()
            try group.remove()
            group.removeCommonParent()
        }
    }
}
