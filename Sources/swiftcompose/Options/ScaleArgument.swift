import ArgumentParser
import ComposeFile
import Notation

extension Project {
    /// Applies `--scale SERVICE=N`.
    mutating func apply(scale arguments: [String]) throws {
        for argument in arguments {
            let (name, value) = argument.nameAndValue
            guard let count = value.flatMap({ Int($0) }), count >= 0 else {
                throw ValidationError(
                    "--scale: '\(argument)' is not SERVICE=NUMBER, e.g., web=3"
                )
            }
            guard services[name] != nil else {
                throw CommandError.noSuchService(name, known: serviceNames)
            }
            services[name]?.scale = count
        }
    }
}
