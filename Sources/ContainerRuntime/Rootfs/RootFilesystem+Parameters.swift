import Linux
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
            try RuntimeError.during(
                .kernelParameters,
                "\(name) = \(value)",
                files.openWithoutLinks(parameter.path, .writing).write(Array(value.utf8))
            )
        }
    }

    /// A parameter and its path in a procfs.
    struct KernelParameter {
        var name: String
        var path: String
        var value: String

        /// The parameters of a specification, sorted by name.
        static func all(_ sysctls: [String: String]) -> [Self] {
            sysctls.sorted { $0.key < $1.key }.map { name, value in
                Self(name: name, path: "sys/" + path(of: name), value: value)
            }
        }

        /// Converts a name to a path as sysctl(8) does: dots separate and slashes stand for dots,
        /// unless the first separator is a slash.
        static func path(of name: String) -> String {
            let separator = name.first { $0 == "." || $0 == "/" }
            if separator == "/" { return name }
            return String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
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
