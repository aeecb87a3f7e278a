import Linux
import SystemPackage
import Testing

/// A project written for one test, in a directory of its own.
struct ScratchProject: ComposeProject, Sendable {
    let machine: Machine
    let name: String
    let directory: FilePath

    func attempt(_ arguments: [String]) throws -> Outcome {
        try machine.attempt(options + arguments, limit: .seconds(120))
    }

    /// The project's containers, networks, volumes and sockets on disk.
    func remains() throws -> [String] {
        let root = machine.root.string
        let found = try Program.run(
            "find",
            "\(root)/lib/projects",
            "\(root)/lib/networks",
            "\(root)/lib/volumes",
            "\(root)/run",
            "-path",
            "*\(name)*",
            "-not",
            "-name",
            "*.lock"
        )
        return found.output.split(separator: "\n").map(String.init)
    }
}

/// Calls `body` with a project of these files, by path, and removes all of it afterwards.
func withProject(
    _ files: [String: String],
    _ body: (ScratchProject) throws -> Void
) throws {
    let machine = try machine()
    let name = uniqueProjectName()
    let directory = machine.root.appending("src-\(name)")
    for (path, text) in files {
        let file = directory.appending(path)
        try FileSystem.makeDirectories(file.removingLastComponent())
        try AtomicFile.write(Array(text.utf8), to: file)
    }
    if let owner = Machine.user {
        let outcome = try Program.run("chown", "--recursive", owner, directory.string)
        try #require(outcome.status == 0, "\(outcome)")
    }
    let project = ScratchProject(machine: machine, name: name, directory: directory)
    let result = Result { try body(project) }
    // By name, since the file may be broken on purpose.
    let removal = try machine.attempt(
        ["--project-name", name, "down", "--remove-orphans", "--volumes", "--timeout", "2"]
    )
    #expect(removal.status == 0, "\(removal)")
    try FileSystem.removeTree(directory)
    try result.get()
}

/// Creates the image `test/busybox` with a shell, without a base image or a network.
func needBusyBox() throws {
    let machine = try machine()
    if try !machine.run("image", "ls", "--quiet", "test/busybox").isEmpty { return }
    let context = machine.root.appending("busybox")
    try FileSystem.makeDirectories(context)
    let dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "--install", "-s", "/bin"]
        CMD ["/bin/sh"]

        """
    try AtomicFile.write(Array(dockerfile.utf8), to: context.appending("Dockerfile"))
    let program = try FileSystem.read("/bin/busybox")
    try AtomicFile.write(program, to: context.appending("busybox"), mode: 0o755)
    try machine.run("image", "build", "-t", "test/busybox", context.string)
}
