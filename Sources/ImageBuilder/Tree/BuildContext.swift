import Dockerfile
import Linux
import SystemPackage

/// A directory of the host that steps read, without the files that its ignore file excludes.
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

extension BuildContext: Hashable {
    /// A context equals only itself: two with the same path may exclude different files.
    static func == (left: BuildContext, right: BuildContext) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
