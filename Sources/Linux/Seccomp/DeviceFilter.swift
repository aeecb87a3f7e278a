import CLinux
public import SystemPackage

/// A BPF program that controls access to devices in a cgroup of version 2.
public enum DeviceFilter {
    /// Loads `instructions`, eBPF of eight bytes each, and attaches the program to the cgroup.
    ///
    /// Source: bpf(2), `BPF_PROG_TYPE_CGROUP_DEVICE`; Linux 4.15.
    public static func attach(
        _ instructions: [UInt64],
        to cgroup: FilePath
    ) throws(SystemCallError) {
        let program = Descriptor(
            owning: try systemCall("bpf BPF_PROG_LOAD", "device rules of \(cgroup)") {
                unsafe clinux_load_device_program(instructions, UInt32(instructions.count))
            }
        )
        let directory = try Descriptor.open(cgroup, .directory)
        let (loaded, target) = (program.number, directory.number)
        try systemCall("bpf BPF_PROG_ATTACH", cgroup.string) {
            clinux_attach_device_program(loaded, target)
        }
    }
}
