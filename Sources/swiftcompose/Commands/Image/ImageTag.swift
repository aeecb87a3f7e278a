import ArgumentParser
import ImageStore
import OCI

struct ImageTag: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give an image another name."
    )

    @Argument(help: "The image's name, or the beginning of its id.")
    var image: String

    @Argument(help: "The name it gets.")
    var name: String

    func run(in session: Session) throws -> Int32 {
        let store = try session.openImages()
        let reference = try ImageReference(name)
        guard reference.digest == nil else {
            throw ValidationError("a name for an image has a tag, not a digest")
        }
        try store.tag(session.image(named: image, in: store), as: reference)
        return 0
    }
}
