import ImageBuilder
import ImageStore
import Orchestrator

extension Session {
    /// The builder of this machine; its RUN steps are started through our own program.
    func imageBuilder(_ machine: Machine) -> ImageBuilder {
        ImageBuilder(
            store: machine.images,
            data: paths.data,
            runner: StepRunner(executable: executable),
            pull: pull(machine)
        )
    }

    /// Fetches images from registries.
    func pull(_ machine: Machine) -> ImageSupply.Pull { { _, _ in nil } }
}
