import Linux
import SystemPackage

// What the container's own namespaces are told by their kernel parameters.
extension RootFilesystem {
    /// Writes kernel parameters through the procfs that was mounted here or one made for it, which
    /// the image cannot have bent.
    func writeParameters() throws(RuntimeError) {
        if parameters.isEmpty { return }
        let files = try takeKernelFiles()
        for parameter in parameters {
            let (name, value) = (parameter.name, parameter.value)
            try attempt(.kernelParameters, "\(name) = \(value)") { () throws(SystemCallError) in
                try files.openWithoutLinks(parameter.path, .writing).write(Array(value.utf8))
            }
        }
    }

    /// A parameter with its place in a procfs.
    struct KernelParameter {
        var name: String
        var path: String
        var value: String

        /// Those of a specification, in the order of their names.
        static func all(_ sysctls: [String: String]) -> [Self] {
            sysctls.sorted { $0.key < $1.key }.map { name, value in
                Self(name: name, path: "sys/" + path(of: name), value: value)
            }
        }

        /// Dots separate and slashes stand for dots, unless the first separator is a slash.
        static func path(of name: String) -> String {
            let separator = name.first { $0 == "." || $0 == "/" }
            if separator == "/" { return name }
            return String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
        }
    }

    private func takeKernelFiles() throws(RuntimeError) -> ConfinedDirectory {
        if let mounted = kernelFiles.take() { return mounted }
        return try attempt(.kernelParameters) { () throws(SystemCallError) in
            ConfinedDirectory(try DetachedMount(type: "proc", source: "proc").takeDescriptor())
        }
    }
}
