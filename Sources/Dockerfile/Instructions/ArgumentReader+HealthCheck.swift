import Notation

extension ArgumentReader {
    func healthCheck() throws(DockerfileError) -> HealthCheck {
        let kind = rest.prefix { !$0.isBlank }
        guard !kind.isEmpty else { throw missing("HEALTHCHECK", "at least one argument") }
        var inner = self.statement
        inner.arguments = rest[kind.endIndex...].trimmed
        let reader = ArgumentReader(statement: inner, flags: flags, escape: escape)
        switch kind.string.uppercased() {
        case "NONE":
            guard reader.rest.isEmpty, flags.isEmpty else {
                throw DockerfileError(
                    .badHealthCheck("NONE takes no arguments; remove them"),
                    at: position
                )
            }
            return .none
        case "CMD":
            let command = try reader.command("HEALTHCHECK CMD")
            if command == .shell("") || command == .exec([]) {
                throw DockerfileError(
                    .badHealthCheck("CMD requires a command"),
                    at: position
                )
            }
            return .command(command, try timing())
        case let other:
            throw DockerfileError(
                .badHealthCheck("has the unknown type '\(other)'; use CMD or NONE"),
                at: position
            )
        }
    }

    private func timing() throws(DockerfileError) -> HealthCheck.Timing {
        var timing = HealthCheck.Timing()
        for flag in flags {
            switch flag.name {
            case "interval": timing.interval = try nanoseconds(flag)
            case "timeout": timing.timeout = try nanoseconds(flag)
            case "start-period": timing.startPeriod = try nanoseconds(flag)
            case "start-interval": timing.startInterval = try nanoseconds(flag)
            default:
                guard let retries = Int32(flag.value), retries >= 0 else {
                    throw bad(flag, "a non-negative number")
                }
                timing.retries = Int(retries)
            }
        }
        return timing
    }

    private func nanoseconds(_ flag: Flag) throws(DockerfileError) -> Int64 {
        guard let value = GoDuration.duration(of: flag.value),
            value == .zero || value >= .milliseconds(1)
        else {
            throw bad(flag, "a duration of at least 1ms, such as 1m30s")
        }
        let (seconds, attoseconds) = value.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    private func bad(_ flag: Flag, _ needed: String) -> DockerfileError {
        DockerfileError(
            .badFlagValue(flag: flag.name, value: flag.value, needed: needed),
            at: flag.position
        )
    }
}
