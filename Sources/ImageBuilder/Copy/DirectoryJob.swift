import Linux
import SystemPackage

/// WORKDIR: makes the folder unless it is there.
struct DirectoryJob {
    let step: DirectoryStep
    let base: LayeredTree

    func perform(in directory: FilePath) throws(BuildError) -> FilePath? {
        let path = FilePath(step.path)
        let resolution = try wrapping { () throws(SystemCallError) in try base.resolve(path) }
        if let found = resolution.found {
            guard found.isDirectory else {
                throw BuildError(.wrongKind("cannot make \(path): it is there and is no folder"))
            }
            return nil
        }
        let upper = directory.appending("upper")
        let (tree, owner) = try wrapping { () throws(SystemCallError) in
            let users = try UserTable(of: base)
            let identity = users.identity(step.user)
            let owner = identity.map { Owner(user: $0.user, group: $0.group) } ?? .root
            return (try DestinationTree(upper: upper, over: base), owner)
        }
        try tree.makeFolders(path, owner: owner)
        return upper
    }
}
