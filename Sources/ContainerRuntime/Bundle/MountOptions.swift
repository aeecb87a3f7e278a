import Linux
import OCI

/// The options of one mount, sorted by interpreter: this runtime, mount(2) or the file system.
///
/// Source: mount(8); OCI Runtime Specification, `config.md`, mounts.
struct MountOptions: Equatable {
    var isBind = false
    var isRecursiveBind = false
    var set: MountAttributes = []
    var clear: MountAttributes = []
    /// Applied to the mounts below a recursive bind mount too.
    var recursiveSet: MountAttributes = []
    var recursiveClear: MountAttributes = []
    var propagation: MountPropagation?
    var isPropagationRecursive = false
    /// The path inside the source that is mounted instead of the whole source.
    var subpath: String?
    /// The remaining options, which the file system interprets.
    var fileSystem: [MountSetting] = []

    /// The key of an option for a path inside a bind mount's source or an overlay.
    ///
    /// An extension of this runtime.
    static let subpathKey = "io.swiftcompose.subpath"

    init(_ options: [String]) {
        for option in options { add(option) }
    }

    private mutating func add(_ option: String) {
        switch option {
        case "bind": isBind = true
        case "rbind": (isBind, isRecursiveBind) = (true, true)
        case "defaults", "": break
        default:
            if addPropagation(option) || addAttribute(option) { return }
            let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
            if pair[0] == Self.subpathKey {
                subpath = pair.count > 1 ? pair[1] : nil
            } else {
                fileSystem.append(MountSetting(pair[0], pair.count > 1 ? pair[1] : nil))
            }
        }
    }

    private mutating func addPropagation(_ option: String) -> Bool {
        let isRecursive = option.hasPrefix("r")
        guard let kind = Self.propagations[isRecursive ? String(option.dropFirst()) : option] else {
            return false
        }
        propagation = kind
        isPropagationRecursive = isRecursive
        return true
    }

    private mutating func addAttribute(_ option: String) -> Bool {
        if let change = Self.attributes[option] {
            set.subtract(change.clear)
            set.formUnion(change.set)
            clear.subtract(change.set)
            clear.formUnion(change.clear)
            return true
        }
        guard option.hasPrefix("r"), let change = Self.attributes[String(option.dropFirst())] else {
            return false
        }
        recursiveSet.formUnion(change.set)
        recursiveClear.formUnion(change.clear)
        return true
    }

    private static let propagations: [String: MountPropagation] = [
        "private": .private, "shared": .shared, "slave": .slave, "unbindable": .unbindable,
    ]

    private struct Change {
        var set: MountAttributes = []
        var clear: MountAttributes = []
    }

    private static let attributes: [String: Change] = [
        "ro": Change(set: .readOnly), "rw": Change(clear: .readOnly),
        "nosuid": Change(set: .noSetUserID), "suid": Change(clear: .noSetUserID),
        "nodev": Change(set: .noDevices), "dev": Change(clear: .noDevices),
        "noexec": Change(set: .noExecution), "exec": Change(clear: .noExecution),
        "noatime": Change(set: .noAccessTimes, clear: .accessTimes),
        "atime": Change(clear: .accessTimes), "relatime": Change(clear: .accessTimes),
        "norelatime": Change(clear: .accessTimes),
        "strictatime": Change(set: .strictAccessTimes, clear: .accessTimes),
        "nostrictatime": Change(clear: .accessTimes),
        "nodiratime": Change(set: .noDirectoryAccessTimes),
        "diratime": Change(clear: .noDirectoryAccessTimes),
        "nosymfollow": Change(set: .noSymbolicLinks), "symfollow": Change(clear: .noSymbolicLinks),
    ]
}
