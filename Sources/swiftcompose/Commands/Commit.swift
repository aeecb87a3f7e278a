import ArgumentParser
import ImageStore
import OCI
import Orchestrator

struct Commit: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Make an image of a container's present file system, and print its ID."
    )

    @Option(name: .shortAndLong, help: "Author recorded in the image.")
    var author: String?

    @Option(
        name: .shortAndLong,
        parsing: .singleValue,
        help: "A Dockerfile instruction to apply: CMD, ENTRYPOINT, ENV, EXPOSE …; repeatable."
    )
    var change: [String] = []

    @Option(help: "Which replica.")
    var index = 0

    @Option(name: .shortAndLong, help: "Comment recorded in the image's history.")
    var message: String?

    @Flag(
        name: .shortAndLong,
        inversion: .prefixedNo,
        help: "Freeze the container meanwhile."
    )
    var pause = true

    @Argument(help: "The service.", completion: .existingServices)
    var service: String

    @Argument(help: "REPOSITORY[:TAG]: the image's name.")
    var name: String?

    func run(in session: Session) throws -> Int32 {
        try session.demandPrivilege()
        let reference = try name.map { try ImageReference($0) }
        let container = try session.containers(of: service, index: index)[0]
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
