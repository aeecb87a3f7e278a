import Dockerfile
import Linux
import OCI
import SystemPackage

/// The mounts that a step asks for, made ready: files laid out, caches locked.
struct StepMounts {
    let directory: FilePath
    let job: RunJob
    private(set) var mounts: [RuntimeSpecification.Mount] = []
    /// Further environment: secrets and the agent's socket.
    private(set) var environment: [String] = []
    private var locks: [CacheLock] = []
    private var secretFiles: [FilePath] = []

    /// Holds a cache for one step.
    private final class CacheLock {
        private let lock: FileLock
        init(_ lock: consuming FileLock) { self.lock = lock }
    }

    init(directory: FilePath, job: RunJob) {
        self.directory = directory
        self.job = job
    }

    mutating func prepare() throws(BuildError) {
        if let script = job.step.script {
            let path = directory.appending("script")
            try wrapping { () throws(SystemCallError) in
                try AtomicFile.write(Array(script.content.utf8), to: path, mode: 0o755)
            }
            bind(path, to: "/dev/pipes/\(script.name)", options: ["ro"])
        }
        for (index, input) in job.inputs.enumerated() {
            switch input.mount.options.kind {
            case .bind: try prepareBind(input, index)
            case .cache: try prepareCache(input)
            case .tmpfs: prepareMemory(input.mount.options)
            case .secret: try prepareSecret(input.mount.options, index)
            case .ssh: try prepareAgent(input.mount.options, index)
            }
        }
    }

    /// Gives caches back and removes secrets.
    mutating func release() {
        locks = []
        for path in secretFiles {
            // What is left goes with the workspace.
            try? FileSystem.removeFile(path)
        }
    }

    private mutating func bind(_ source: FilePath, to target: String, options: [String]) {
        mounts.append(
            RuntimeSpecification.Mount(
                destination: target,
                type: "bind",
                source: source.string,
                options: ["bind"] + options
            )
        )
    }

    // MARK: Kinds

    private mutating func prepareBind(_ input: RunJob.Input, _ index: Int) throws(BuildError) {
        let options = input.mount.options
        let source = "/" + cleanedPath(options.source ?? "/")
        let tree: LayeredTree
        if let given = input.tree {
            tree = given
        } else {
            tree = try wrapping { () throws(SystemCallError) in try LayeredTree([]) }
        }
        let found = try wrapping { () throws(SystemCallError) in
            try tree.entry(FilePath(source))
        }
        guard let entry = found else { throw BuildError(.missingSource(source)) }
        let copy = directory.appending("bind-\(index)")
        var owner: Owner?
        if case .context = input.mount.source { owner = .root }
        let place = try Self.layOut(entry, of: tree, in: copy, owner: owner)
        let isWritable = options.isReadOnly == false
        bind(place, to: options.target ?? "/", options: isWritable ? ["rw"] : ["ro"])
    }

    /// Copies an entry into a new directory; the path of the copy.
    static func layOut(
        _ entry: TreeEntry,
        of tree: LayeredTree,
        in directory: FilePath,
        owner: Owner?
    ) throws(BuildError) -> FilePath {
        let target = try wrapping { () throws(SystemCallError) in
            try DestinationTree(upper: directory, over: LayeredTree([]))
        }
        let writer = EntryWriter(tree: target, mode: nil, owner: owner)
        guard entry.isDirectory else {
            let name: FilePath.Component = "file"
            try writer.copyFile(entry, to: [name])
            return directory.appending(name)
        }
        try writer.copyContents(of: entry, by: TreeWalk(tree: tree), to: [])
        try wrapping { () throws(SystemCallError) in
            let owner =
                owner
                ?? Owner(user: entry.status?.owner ?? 0, group: entry.status?.group ?? 0)
            try FileSystem.setOwner(of: directory, user: owner.user, group: owner.group)
            try FileSystem.setMode(of: directory, to: entry.mode)
        }
        return directory
    }

    private mutating func prepareMemory(_ options: MountOptions) {
        var list = ["nosuid", "nodev"]
        if let size = options.size { list.append("size=\(size)") }
        mounts.append(
            RuntimeSpecification.Mount(
                destination: options.target ?? "/",
                type: "tmpfs",
                source: "tmpfs",
                options: list
            )
        )
    }

    private mutating func prepareCache(_ input: RunJob.Input) throws(BuildError) {
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

    /// A cache's directory, locked when it must not be shared.
    private func takeCache(
        _ name: String,
        _ sharing: MountOptions.Sharing
    ) throws(BuildError) -> (FilePath, CacheLock?) {
        let (caches, cancellation) = (job.caches, job.cancellation)
        return try wrapping { () throws(SystemCallError) -> (FilePath, CacheLock?) in
            try FileSystem.makeDirectories(caches, mode: 0o711)
            let path = caches.appending(name)
            if sharing == .shared { return (path, nil) }
            var number = 0
            while !cancellation.isCancelled {
                let place = number == 0 ? path : caches.appending("\(name)-\(number)")
                if let lock = try FileLock.tryTaking(FilePath(place.string + ".lock")) {
                    return (place, CacheLock(lock))
                }
                if sharing == .private {
                    number += 1
                } else {
                    let cancelled = cancellation.descriptor
                    _ = try Readiness.wait(for: [cancelled], timeout: .milliseconds(50))
                }
            }
            return (path, nil)
        }
    }

    /// Makes a new cache, under a name of its own first: two steps may do it at once.
    private func fillCache(_ path: FilePath, _ input: RunJob.Input) throws(BuildError) {
        let options = input.mount.options
        let scratch = directory.appending("cache-\(path.lastComponent?.string ?? "")")
        if let tree = input.tree {
            let source = "/" + cleanedPath(options.source ?? "/")
            let found = try wrapping { () throws(SystemCallError) in
                try tree.entry(FilePath(source))
            }
            guard let entry = found else { throw BuildError(.missingSource(source)) }
            _ = try Self.layOut(entry, of: tree, in: scratch, owner: nil)
        }
        try wrapping { () throws(SystemCallError) in
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

    private mutating func prepareSecret(
        _ options: MountOptions,
        _ index: Int
    ) throws(BuildError) {
        let id =
            options.id ?? options.source
            ?? options.target.flatMap { FilePath($0).lastComponent?.string } ?? ""
        guard let secret = job.step.settings.secrets[id] else {
            if options.isRequired { throw BuildError(.missingSecret(id)) }
            return
        }
        let bytes: [UInt8]
        switch secret {
        case .value(let value): bytes = value
        case .file(let path):
            bytes = try wrapping { () throws(SystemCallError) in try FileSystem.read(path) }
        }
        if let name = options.environment {
            environment.append("\(name)=\(String(decoding: bytes, as: UTF8.self))")
            if options.target == nil { return }
        }
        let folder = job.runner.secretsDirectory ?? directory
        let unique = "\(directory.lastComponent?.string ?? "")-secret-\(index)"
        let path = folder.appending(unique)
        try wrapping { () throws(SystemCallError) in
            try FileSystem.makeDirectories(folder, mode: 0o700)
            try AtomicFile.write(bytes, to: path, mode: 0o400)
            let (user, group) = (options.uid ?? 0, options.gid ?? 0)
            try FileSystem.setOwner(of: path, user: user, group: group)
            try FileSystem.setMode(of: path, to: options.mode ?? 0o400)
        }
        secretFiles.append(path)
        bind(path, to: options.target ?? "/run/secrets/\(id)", options: ["ro"])
    }

    private mutating func prepareAgent(
        _ options: MountOptions,
        _ index: Int
    ) throws(BuildError) {
        let id = options.id ?? "default"
        guard let socket = job.step.settings.agents[id] else {
            if options.isRequired { throw BuildError(.missingAgent(id)) }
            return
        }
        let target = options.target ?? "/run/buildkit/ssh_agent.\(index)"
        bind(socket, to: target, options: ["rw"])
        environment.append("SSH_AUTH_SOCK=\(target)")
    }
}
