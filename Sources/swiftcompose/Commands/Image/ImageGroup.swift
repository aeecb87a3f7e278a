import ArgumentParser

/// The commands on this machine's images.
struct ImageGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Work with the images on this machine.",
        subcommands: [
            ImageBootstrap.self, ImageBuild.self, ImageImport.self, ImageInspect.self,
            ImageLoad.self, ImageLs.self, ImagePrune.self, ImagePull.self, ImagePush.self,
            ImageRm.self, ImageSave.self, ImageTag.self,
        ]
    )
}
