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
        // Without control groups there are none of ours.
        guard !steps.isEmpty, let hierarchy = try? CgroupHierarchy.discover() else { return }
        for step in steps {
            // A group may have gone with its step.
            let cgroup = Cgroup(StepSpecification.cgroup(of: step), in: hierarchy)
            try? cgroup.remove()
            cgroup.removeCommonParent()
        }
        // The next attachment finds what is left now.
        try? NetworkStore(directory: networks).removeLeftovers()
    }
}
