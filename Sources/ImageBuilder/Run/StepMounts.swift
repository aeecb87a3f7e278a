import Dockerfile
import Linux
import OCI
import SystemPackage

/// The mounts that a step asks for, made ready: files laid out, caches locked.
struct StepMounts {
    let directory: FilePath
    let job: RunJob
    var mounts: [RuntimeSpecification.Mount] = []
    /// Further environment: secrets and the agent's socket.
    var environment: [String] = []
    /// Caches held for this step.
    var locks: [Shared<FileLock>] = []
    var secretFiles: [FilePath] = []

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

    mutating func bind(_ source: FilePath, to target: String, options: [String]) {
        mounts.append(
            RuntimeSpecification.Mount(
                destination: target,
                type: "bind",
                source: source.string,
                options: ["bind"] + options
            )
        )
    }

    mutating func prepareBind(_ input: RunJob.Input, _ index: Int) throws(BuildError) {
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

    mutating func prepareMemory(_ options: MountOptions) {
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
}
