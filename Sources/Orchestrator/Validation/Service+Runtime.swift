import ComposeFile
import ContainerRuntime
import SystemPackage

// What the runtime has to say of attributes, with their places in the file.
extension Service {
    /// With the place of the attribute that the runtime has a complaint about.
    func explain(_ error: RuntimeError) -> any Error {
        switch error {
        case .invalid(let field, let value, let expected):
            OrchestratorError.unsupported(
                place(of: field),
                reason: "'\(value)' cannot be used; expected \(expected)"
            )
        case .refused(.devices, let refusal):
            OrchestratorError.unsupported(place(of: "devices"), reason: "\(refusal)")
        default: error
        }
    }

    /// A system call profile from a file, or written in the Compose file itself.
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
