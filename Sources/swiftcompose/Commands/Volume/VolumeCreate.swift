import ArgumentParser
import Orchestrator

struct VolumeCreate: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a volume unless it exists, and print its name.",
        discussion: "Projects use it with 'external: true'."
    )

    @Option(name: .shortAndLong, help: "Driver of the volume; 'local' is the only one.")
    var driver = "local"

    @Option(help: "Label, NAME=VALUE; repeatable.")
    var label: [String] = []

    @Option(
        name: [.customShort("o"), .long],
        help: "Driver option, type=TYPE, o=OPTIONS or device=DEVICE; repeatable."
    )
    var opt: [String] = []

    @Argument(help: "Name of the volume (default: a random one).")
    var name: String?

    func run(in session: Session) throws -> Int32 {
        let (options, labels) = (opt.namedValues, label.namedValues)
        var volume = VolumeRecord.anonymous(options: options, labels: labels)
        if let name { volume.name = name }
        volume.driver = driver
        Output.line(try session.openHostToChange().createVolume(volume).name)
        return 0
    }
}
