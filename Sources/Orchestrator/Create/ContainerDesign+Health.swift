import ComposeFile
import OCI

extension ContainerDesign {
    /// The file's health check over the image's; nil when neither asks for one.
    func healthProbe() throws -> HealthProbe? {
        let ours = service.healthCheck
        let image = config.healthcheck
        let command: [String]? =
            switch ours?.probe {
            case .off?: nil
            case .execute(let command)?: command
            case .shell(let line)?: shell + [line]
            case nil: probeCommand(image?.test ?? [])
            }
        guard let command, !command.isEmpty else { return nil }
        return HealthProbe(
            command: command,
            interval: positive(ours?.interval) ?? image?.interval ?? .seconds(30),
            timeout: positive(ours?.timeout) ?? image?.timeout ?? .seconds(30),
            startPeriod: ours?.startPeriod ?? image?.startPeriod ?? .zero,
            startInterval: positive(ours?.startInterval) ?? image?.startInterval ?? .seconds(5),
            retries: [ours?.retries, image?.retries].compactMap(\.self).first { $0 > 0 } ?? 3
        )
    }

    private var shell: [String] { config.shell ?? ["/bin/sh", "-c"] }

    private func probeCommand(_ test: [String]) -> [String]? {
        switch test.first {
        case "CMD": Array(test.dropFirst())
        case "CMD-SHELL": shell + [test.dropFirst().joined(separator: " ")]
        default: nil
        }
    }

    /// Zero means "not given", as Docker reads it.
    private func positive(_ duration: Duration?) -> Duration? {
        duration.flatMap { $0 > .zero ? $0 : nil }
    }
}
