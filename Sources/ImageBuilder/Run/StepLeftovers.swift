import ContainerNetwork
import ContainerRuntime
import SystemPackage

/// Kernel objects that the steps of a killed build left.
struct StepLeftovers {
    let networks: FilePath

    /// Removes the control groups and network endpoints of the steps with these directories.
    ///
    /// Their processes ended with the build; an object that cannot be removed is harmless.
    func remove(_ steps: [FilePath]) {
        // Without control groups there is nothing to remove.
        guard !steps.isEmpty, let hierarchy = try? CgroupHierarchy.discover() else { return }
        for step in steps {
            // The group may have been removed with its step.
            let cgroup = Cgroup(StepSpecification.cgroup(of: step), in: hierarchy)
            try? cgroup.remove()
            cgroup.removeCommonParent()
        }
        // The next attachment to a network removes what this cannot.
        try? NetworkStore(directory: networks).removeLeftovers()
    }
}
