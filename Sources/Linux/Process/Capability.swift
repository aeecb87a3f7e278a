import CLinux
import Glibc
import SystemPackage

/// A privilege of root that can be granted separately. Source: capabilities(7).
public struct Capability: RawRepresentable, Hashable, Sendable {
    /// The capability's number in the kernel.
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Parses `CAP_CHOWN` or `chown`; nil for an unknown name.
    public init?(_ text: String) {
        var name = text.uppercased()
        if name.hasPrefix("CAP_") { name.removeFirst(4) }
        guard let number = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: number)
    }

    /// The name with its prefix, such as `CAP_CHOWN`.
    public var name: String {
        Self.names.indices.contains(rawValue) ? "CAP_" + Self.names[rawValue] : "CAP_\(rawValue)"
    }

    /// All known capabilities, by number.
    public static var all: [Capability] { names.indices.map(Capability.init(rawValue:)) }

    private static let names = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
        "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
        "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE",
        "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
        "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ]
}

/// A set of capabilities.
public struct CapabilitySet: Hashable, Sendable {
    /// Bit n is capability number n.
    public var bits: UInt64

    public init(bits: UInt64 = 0) { self.bits = bits }

    public init(_ capabilities: [Capability]) {
        bits = 0
        for capability in capabilities { bits |= 1 << UInt64(capability.rawValue) }
    }

    public func contains(_ capability: Capability) -> Bool {
        bits >> UInt64(capability.rawValue) & 1 == 1
    }

    public func intersection(_ other: CapabilitySet) -> CapabilitySet {
        CapabilitySet(bits: bits & other.bits)
    }

    /// The calling thread's permitted set. Source: capget(2).
    public static func permitted() throws(SystemCallError) -> CapabilitySet {
        var bits: UInt64 = 0
        try systemCall("capget", "capabilities") { unsafe clinux_permitted(&bits) }
        return CapabilitySet(bits: bits)
    }

    /// Drops all capabilities outside this set from the thread's bounding set.
    public func limitBounding() throws(SystemCallError) {
        for number in 0..<UInt64(64) where bits >> number & 1 == 0 {
            do {
                try systemCall("prctl PR_CAPBSET_DROP", "capability \(number)") {
                    clinux_prctl(PR_CAPBSET_DROP, UInt(number))
                }
            } catch  where error.reason == .invalidArgument {
                // Past the last capability of this kernel.
                return
            }
        }
    }

    /// Replaces the thread's ambient set by this set.
    public func setAmbient() throws(SystemCallError) {
        try systemCall("prctl PR_CAP_AMBIENT_CLEAR_ALL", "capabilities") {
            clinux_ambient(PR_CAP_AMBIENT_CLEAR_ALL, 0)
        }
        for number in 0..<UInt(64) where bits >> UInt64(number) & 1 == 1 {
            try systemCall("prctl PR_CAP_AMBIENT_RAISE", "capability \(number)") {
                clinux_ambient(PR_CAP_AMBIENT_RAISE, number)
            }
        }
    }

    /// Replaces the thread's effective, permitted and inheritable sets. Source: capset(2).
    public static func apply(
        effective: CapabilitySet,
        permitted: CapabilitySet,
        inheritable: CapabilitySet
    ) throws(SystemCallError) {
        try systemCall("capset", "capabilities") {
            clinux_capset(effective.bits, permitted.bits, inheritable.bits)
        }
    }
}
