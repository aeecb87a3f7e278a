import ContainerNetwork
import ContainerRuntime
import SystemPackage

/// What the steps of a build that was killed have left in the kernel.
struct StepLeftovers {
    let networks: FilePath

    /// Removes the control groups and network endpoints of steps with these directories.
    ///
    /// Their processes have ended with the build; what cannot be removed harms nobody.
    func remove(_ steps: [FilePath]) {
        guard !steps.isEmpty, let hierarchy = try? CgroupHierarchy.discover() else { return }
        for step in steps {
            try? Cgroup(StepSpecification.cgroup(of: step), in: hierarchy).remove()
        }
        try? NetworkStore(directory: networks).removeLeftovers()
    }
}
