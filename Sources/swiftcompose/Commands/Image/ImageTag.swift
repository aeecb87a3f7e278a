import ArgumentParser
import ImageStore
import OCI

struct ImageTag: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give an image an additional name."
    )

    @Argument(help: "Image name, ID or unique ID prefix.", completion: .images)
    var image: String

    @Argument(help: "New name, REPOSITORY[:TAG].", completion: .images)
    var name: String

    func run(in session: Session) throws -> Int32 {
        let store = try session.openImages()
        let reference = try ImageReference(name)
        guard reference.digest == nil else {
            throw ValidationError("'\(name)' has a digest; a new name may have a tag only")
        }
        try store.tag(session.image(named: image, in: store), as: reference)
        return 0
    }
}
