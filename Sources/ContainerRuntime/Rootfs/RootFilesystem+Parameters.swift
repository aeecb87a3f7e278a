import Linux
import Notation
import SystemPackage

// The kernel parameters of the container's own namespaces.
extension RootFilesystem {
    /// Writes kernel parameters through the procfs mounted here or a detached one, neither of which
    /// the image can redirect.
    func writeParameters() throws(RuntimeError) {
        if parameters.isEmpty { return }
        let files = try takeKernelFiles()
        for parameter in parameters {
            let (name, value) = (parameter.name, parameter.value)
            guard let path = parameter.path else {
                throw .invalid(field: "sysctl", value: name, expected: "a kernel parameter")
            }
            try RuntimeError.during(
                .kernelParameters,
                "\(name) = \(value)",
                files.openWithoutLinks(path, .writing).write(Array(value.utf8))
            )
        }
    }

    /// A parameter and its path in a procfs.
    struct KernelParameter {
        var name: String
        /// Nil for a name that is not a path below `/proc/sys`.
        var path: String?
        var value: String

        /// The parameters of a specification, sorted by name.
        static func all(_ sysctls: [String: String]) -> [Self] {
            sysctls.sorted { $0.key < $1.key }.map { name, value in
                Self(name: name, path: SysctlName(name).map { "sys/\($0.path)" }, value: value)
            }
        }
    }

    private func takeKernelFiles() throws(RuntimeError) -> ConfinedDirectory {
        if let mounted = kernelFiles.take() { return mounted }
        return try RuntimeError.during(
            .kernelParameters,
            ConfinedDirectory(try DetachedMount(type: "proc", source: "proc").takeDescriptor())
        )
    }
}
