public import OCI

extension RuntimeSpecification {
    /// Takes the namespace of this kind at `path`, like `/proc/PID/ns/net`, in place of its own.
    ///
    /// What belongs to a namespace comes along: with that for communication the shared memory of
    /// the process whose namespace it is.
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
            // Its owner has them already.
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
