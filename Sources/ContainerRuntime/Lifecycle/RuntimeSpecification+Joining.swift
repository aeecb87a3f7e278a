public import OCI

extension RuntimeSpecification {
    /// Replaces the container's namespace of this kind by the one at `path`, such as
    /// `/proc/PID/ns/net`.
    ///
    /// Settings that belong to the namespace are adapted: with an IPC namespace, for example, its
    /// owner's shared memory is mounted.
    public mutating func join(_ kind: Namespace.Kind, at path: String) {
        var namespaces = linux?.namespaces ?? []
        namespaces.removeAll { $0.type == kind }
        namespaces.append(Namespace(kind, path: path))
        linux?.namespaces = namespaces
        switch kind {
        case .ipc:
            let all = mounts
            mounts = all?.map { mount in
                let isOwn = mount.destination == "/dev/shm" && mount.source == "shm"
                return isOwn ? DefaultSpecification.sharedMemory(ofOwner: path) : mount
            }
        case .network:
            // The owner of the namespace has set them already.
            let sysctls = linux?.sysctl
            linux?.sysctl = sysctls?.filter { name, value in
                DefaultSpecification.networkSysctls[name] != value
            }
        case .pid:
            extensions.usesInit = false
        case .uts:
            (hostname, domainname) = (nil, nil)
        default: break
        }
    }
}
