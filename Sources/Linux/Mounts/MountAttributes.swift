/// Attributes of a mount, as opposed to those of its file system. Source: mount_setattr(2).
public struct MountAttributes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let readOnly = MountAttributes(rawValue: 0x1)
    public static let noSetUserID = MountAttributes(rawValue: 0x2)
    public static let noDevices = MountAttributes(rawValue: 0x4)
    public static let noExecution = MountAttributes(rawValue: 0x8)
    public static let noAccessTimes = MountAttributes(rawValue: 0x10)
    public static let strictAccessTimes = MountAttributes(rawValue: 0x20)
    public static let noDirectoryAccessTimes = MountAttributes(rawValue: 0x80)
    public static let noSymbolicLinks = MountAttributes(rawValue: 0x20_0000)
    /// All bits that control access times; the kernel requires that they be cleared together.
    public static let accessTimes = MountAttributes(rawValue: 0x70)
}

/// How mount events propagate between peers. Source: mount_namespaces(7).
public enum MountPropagation: UInt64, Sendable, Hashable {
    case unbindable = 0x2_0000
    case `private` = 0x4_0000
    case slave = 0x8_0000
    case shared = 0x10_0000
}
