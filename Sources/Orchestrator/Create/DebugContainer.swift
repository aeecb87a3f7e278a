public import ComposeFile

/// A container with tools in the namespaces of another one, whose image may have none: `debug`.
public struct DebugContainer: Sendable {
    /// A project of the debugged container's name with the tools as its only service.
    public let project: Project
    /// The container to run.
    public let oneOff: OneOff

    /// `image` is the name of the image with the tools; an empty `command` stands for its own.
    ///
    /// The tools see the processes, the network and the shared memory of `target`, and may trace
    /// its processes, through which `/proc/1/root` is its root directory.
    public init(
        _ target: ContainerRecord,
        image: String,
        command: [String],
        hasTerminal: Bool,
        takesInput: Bool
    ) {
        var service = Service(name: target.service)
        service.image = image
        service.networkMode = .container(target.id)
        service.pid = .container(target.id)
        service.ipc = .container(target.id)
        service.user = "0"
        service.addedCapabilities = ["NET_ADMIN", "SYS_PTRACE"]
        var project = Project(name: target.project, workingDirectory: "/")
        project.services[service.name] = service
        self.project = project
        var oneOff = OneOff(of: service.name)
        oneOff.name = "\(target.name)-debug-\(oneOff.slug.prefix(6))"
        oneOff.command = command
        oneOff.hasTerminal = hasTerminal
        oneOff.keepsInputOpen = takesInput
        oneOff.endsInputWithClient = takesInput
        oneOff.removesItself = true
        self.oneOff = oneOff
    }
}
