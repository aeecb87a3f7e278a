import ComposeFile
import ContainerRuntime
import SystemPackage

// Attributes that only the runtime can parse, with errors located in the Compose file.
extension Service {
    /// Adds the location of the attribute that the runtime rejects to its error.
    func explain(_ error: RuntimeError) -> any Error {
        switch error {
        case .invalid(let field, let value, let expected):
            OrchestratorError.unsupported(
                place(of: field),
                reason: "'\(value)' is not valid; expected \(expected)"
            )
        case .refused(.devices, let refusal):
            OrchestratorError.unsupported(place(of: "devices"), reason: "\(refusal)")
        default: error
        }
    }

    /// A seccomp profile, from a file or inline.
    func seccomp(
        _ profile: String,
        at index: Int,
        in directory: FilePath
    ) throws -> SeccompProfile {
        do {
            if profile.hasPrefix("{") {
                return try SeccompProfile(parsing: Array(profile.utf8), from: "text")
            }
            return try SeccompProfile(reading: directory.pushing(FilePath(profile)))
        } catch {
            throw OrchestratorError.unsupported(
                place(of: "security_opt", String(index)),
                reason: "\(error)"
            )
        }
    }
}
