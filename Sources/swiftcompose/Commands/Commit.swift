import ArgumentParser
import ContainerRuntime
import ImageBuilder
import ImageStore
import OCI
import Orchestrator

struct Commit: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Create an image from a container's file system and print its ID."
    )

    @Option(name: .shortAndLong, help: "Author (e.g., 'Jane Doe <jane@example.com>').")
    var author: String?

    @Option(
        name: .shortAndLong,
        parsing: .singleValue,
        help: "Dockerfile instruction to apply (CMD, ENTRYPOINT, ENV, EXPOSE, …); repeatable."
    )
    var change: [String] = []

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Option(name: .shortAndLong, help: "Commit message.")
    var message: String?

    @Flag(
        name: .shortAndLong,
        inversion: .prefixedNo,
        help: "Pause the container during the commit."
    )
    var pause = true

    @Argument(help: "Service name.", completion: .existingServices)
    var service: String

    @Argument(help: "Name of the image, REPOSITORY[:TAG].", completion: .images)
    var name: String?

    func run(in session: Session) throws -> Int32 {
        let reference = try name.map { try ImageReference($0) }
        let container = try session.containers(of: service, index: index)[0]
        if pause, container.isRunning, try !CgroupHierarchy.discover().isAvailable {
            session.warn(
                "the container is not paused, which needs control groups; files that it writes at "
                    + "this moment may be incomplete in the image"
            )
        }
        let commit = ContainerCommit(
            try session.openHost(),
            author: author,
            comment: message,
            pauses: pause
        )
        try session.reporting(container.record.name, "Committing", "Committed") {
            let image = try commit.commit(container, as: reference) { config in
                for change in change { try config.apply(change) }
            }
            Output.line("\(image.id)")
        }
        return 0
    }
}
