import Linux
import SystemPackage

/// Performs WORKDIR: makes the directory unless it exists.
struct DirectoryJob {
    let step: DirectoryStep
    let base: LayeredTree

    func perform(in directory: FilePath) throws(BuildError) -> FilePath? {
        let path = FilePath(step.path)
        let resolution = try BuildError.during(base.resolve(path))
        if let found = resolution.found {
            guard found.isDirectory else {
                throw BuildError(
                    .wrongKind("cannot make \(path): it exists and is not a directory")
                )
            }
            return nil
        }
        let upper = directory.appending("upper")
        let identity = try BuildError.during(UserTable(of: base)).identity(step.user)
        let owner = identity.map { Owner(user: $0.user, group: $0.group) } ?? .root
        let tree = try BuildError.during(DestinationTree(upper: upper, over: base))
        try tree.makeFolders(path, owner: owner)
        return upper
    }
}
