import ImageBuilder
import ImageStore
import Orchestrator
import Registry
import SystemPackage

extension Session {
    /// The builder of this machine; its RUN steps are started through our own program.
    func imageBuilder(_ host: Host) -> ImageBuilder {
        ImageBuilder(
            store: host.images,
            data: paths.data,
            environment: StepEnvironment(
                executable: executable,
                networks: paths.networks,
                variables: environment.map { "\($0.key)=\($0.value)" },
                secretsDirectory: paths.run.appending("secrets")
            ),
            pull: { reference, platform in
                try await fetch(reference, for: platform, into: host.images) { _ in }
            },
            fetch: { url, file in
                try await Download(environment: environment).fetch(url, to: file)
            }
        )
    }
}
