import Dockerfile
import Linux
import OCI
import SystemPackage

/// The mounts of a step: its files are copied and its caches locked.
struct StepMounts {
    let directory: FilePath
    let job: RunJob
    var mounts: [RuntimeSpecification.Mount] = []
    /// Environment variables of secrets and of the agent's socket.
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
            try BuildError.during(
                AtomicFile.write(Array(script.content.utf8), to: path, mode: 0o755)
            )
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

    /// Unlocks caches and removes secrets.
    mutating func release() {
        locks = []
        for path in secretFiles {
            // The workspace is removed as a whole at the end of the build.
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
        let tree =
            if let tree = input.tree { tree } else {
                try BuildError.during(LayeredTree([]))
            }
        let found = try BuildError.during(tree.entry(FilePath(source)))
        guard let entry = found else { throw BuildError(.missingSource(source)) }
        let copy = directory.appending("bind-\(index)")
        var owner: Owner?
        if case .context = input.mount.source { owner = .root }
        let place = try Self.copy(entry, of: tree, to: copy, owner: owner)
        let isWritable = options.isReadOnly == false
        bind(place, to: options.target ?? "/", options: isWritable ? ["rw"] : ["ro"])
    }

    /// Copies an entry into a new directory and returns the path of the copy.
    static func copy(
        _ entry: TreeEntry,
        of tree: LayeredTree,
        to directory: FilePath,
        owner: Owner?
    ) throws(BuildError) -> FilePath {
        let target = try BuildError.during(DestinationTree(upper: directory, over: LayeredTree([])))
        let writer = EntryWriter(tree: target, mode: nil, owner: owner)
        guard entry.isDirectory else {
            let name: FilePath.Component = "file"
            try writer.copyFile(entry, to: [name])
            return directory.appending(name)
        }
        try writer.copyContents(of: entry, by: TreeWalk(tree: tree), to: [])
        try BuildError.during { () throws(SystemCallError) in
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
