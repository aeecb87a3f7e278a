import ArgumentParser

/// The commands on local images.
struct ImageGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Manage images.",
        subcommands: [
            ImageBootstrap.self, ImageBuild.self, ImageBuilderGroup.self, ImageImport.self,
            ImageInspect.self, ImageLoad.self, ImageLs.self, ImagePrune.self, ImagePull.self,
            ImagePush.self,
            ImageRm.self, ImageSave.self, ImageTag.self,
        ]
    )
}
