import Dockerfile
import Linux
import OCI
import SystemPackage

extension StepMounts {
    mutating func prepareCache(_ input: RunJob.Input) throws(BuildError) {
        let options = input.mount.options
        var key = ContentDigest()
        key.add(options.id ?? options.target ?? "")
        key.add(options.from ?? "")
        let name = key.digest.hex
        let (path, lock) = try takeCache(name, options.sharing)
        if let lock { locks.append(lock) }
        if !FileSystem.exists(path) { try fillCache(path, input) }
        bind(path, to: options.target ?? "/", options: options.isReadOnly == true ? ["ro"] : ["rw"])
    }

    /// The directory of a cache, locked unless it is shared.
    private func takeCache(
        _ name: String,
        _ sharing: MountOptions.Sharing
    ) throws(BuildError) -> (FilePath, Shared<FileLock>?) {
        let (caches, cancellation) = (job.caches, job.cancellation)
        return try BuildError.during {
            () throws(SystemCallError) -> (FilePath, Shared<FileLock>?) in
            try FileSystem.makeDirectories(caches, mode: 0o711)
            let path = caches.appending(name)
            if sharing == .shared { return (path, nil) }
            var number = 0
            while !cancellation.isCancelled {
                let place = number == 0 ? path : caches.appending("\(name)-\(number)")
                if let lock = try FileLock.tryTaking(FilePath(place.string + ".lock")) {
                    return (place, Shared(lock))
                }
                guard sharing == .locked else {
                    number += 1
                    continue
                }
                let pending = try PendingFileLock(FilePath(place.string + ".lock"))
                _ = try Readiness.wait(for: [cancellation.descriptor, pending.descriptor])
                if !cancellation.isCancelled, let lock = try pending.take() {
                    return (place, Shared(lock))
                }
            }
            return (path, nil)
        }
    }

    /// Creates a cache under a temporary name and renames it, because two steps may do so
    /// concurrently.
    private func fillCache(_ path: FilePath, _ input: RunJob.Input) throws(BuildError) {
        let options = input.mount.options
        let scratch = directory.appending("cache-\(path.lastComponent?.string ?? "")")
        if let tree = input.tree {
            let source = "/" + cleanedPath(options.source ?? "/")
            let found = try BuildError.during(tree.entry(FilePath(source)))
            guard let entry = found else { throw BuildError(.missingSource(source)) }
            _ = try Self.copy(entry, of: tree, to: scratch, owner: nil)
        }
        try BuildError.during { () throws(SystemCallError) in
            if !FileSystem.exists(scratch) {
                try FileSystem.makeDirectory(scratch)
                let (user, group) = (options.uid ?? 0, options.gid ?? 0)
                try FileSystem.setOwner(of: scratch, user: user, group: group)
                try FileSystem.setMode(of: scratch, to: options.mode ?? 0o755)
            }
            do throws(SystemCallError) {
                try FileSystem.rename(scratch, to: path)
            } catch  where error.reason == .directoryNotEmpty || error.reason == .fileExists {
                return
            }
        }
    }
}
