import Dockerfile
import Linux
import SystemPackage

/// A directory of this machine that steps read, without what its ignore file hides.
final class BuildContext: Sendable {
    let path: FilePath
    let tree: LayeredTree
    let digests: DigestCache

    init(path: FilePath, ignoring ignored: IgnorePatterns, digests: DigestCache) throws(BuildError)
    {
        self.path = path
        self.digests = digests
        do {
            tree = try LayeredTree([path], ignoring: ignored)
        } catch  where error.reason == .notDirectory || error.reason == .noSuchFileOrDirectory {
            throw BuildError(.noContext(path))
        } catch {
            throw BuildError(.system(error))
        }
    }
}
