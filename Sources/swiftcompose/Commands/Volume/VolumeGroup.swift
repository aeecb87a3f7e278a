import ArgumentParser

/// The commands on volumes of all projects and of none.
struct VolumeGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume",
        abstract: "Manage volumes.",
        subcommands: [
            VolumeClone.self, VolumeCreate.self, VolumeInspect.self, VolumeLs.self,
            VolumePrune.self, VolumeRestore.self, VolumeRm.self, VolumeSnapshotCommand.self,
        ]
    )
}
