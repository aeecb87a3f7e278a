import ArgumentParser
import ComposeFile

extension Project {
    /// Applies `--scale SERVICE=N`.
    mutating func apply(scale arguments: [String]) throws {
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let count = Int(parts[1]), count >= 0 else {
                throw ValidationError(
                    "--scale: '\(argument)' is not SERVICE=NUMBER, e.g., web=3"
                )
            }
            guard services[parts[0]] != nil else {
                throw CommandError.noSuchService(parts[0], known: serviceNames)
            }
            services[parts[0]]?.scale = count
        }
    }
}
