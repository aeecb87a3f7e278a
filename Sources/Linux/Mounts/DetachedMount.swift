import CLinux
import Glibc
public import SystemPackage

/// A file system parameter such as `size=64k`; one without a value is a flag.
public struct MountSetting: Sendable, Equatable {
    public var key: String
    public var value: String?

    public init(_ key: String, _ value: String? = nil) {
        self.key = key
        self.value = value
    }
}

/// A mount that is not attached to the tree; it is removed with this value unless attached.
///
/// Source: fsopen(2), fsmount(2), open_tree(2), move_mount(2); Linux 5.2.
public struct DetachedMount: ~Copyable, Sendable {
    public let descriptor: Descriptor

    /// Takes ownership of an existing mount.
    public init(owning descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Creates a mount of a new file system of `type`.
    ///
    /// On failure the error's subject includes the file system's own messages.
    public init(
        type: String,
        source: String? = nil,
        settings: [MountSetting] = [],
        attributes: MountAttributes = []
    ) throws(SystemCallError) {
        let context = try FileSystemContext(type)
        if let source { try context.set("source", to: source) }
        for setting in settings { try context.set(setting.key, to: setting.value) }
        descriptor = try context.mount(attributes)
    }

    /// Copies the mount at `path`, with or without the mounts below it.
    public init(copying path: FilePath, recursively: Bool) throws(SystemCallError) {
        descriptor = Descriptor(
            owning: try systemCall("open_tree", path.string) {
                unsafe clinux_open_tree(AT_FDCWD, path.string, recursively ? 1 : 0, 1)
            }
        )
    }

    /// Copies the mount that `place` refers to.
    public init(
        copying place: borrowing Descriptor,
        recursively: Bool
    ) throws(SystemCallError) {
        let number = place.number
        descriptor = Descriptor(
            owning: try systemCall("open_tree", "descriptor \(number)") {
                unsafe clinux_open_tree(number, "", recursively ? 1 : 0, 1)
            }
        )
    }

    /// Returns the descriptor of the mount's root, which stays valid after attaching.
    public consuming func takeDescriptor() -> Descriptor { descriptor }

    /// Changes attributes and propagation of this mount, or recursively of all below it.
    public borrowing func change(
        set: MountAttributes = [],
        clear: MountAttributes = [],
        propagation: MountPropagation? = nil,
        recursively: Bool = false
    ) throws(SystemCallError) {
        try Mount.change(
            descriptor,
            set: set,
            clear: clear,
            propagation: propagation,
            recursively: recursively
        )
    }

    /// Attaches the mount on top of `place`; this value can still be changed afterwards.
    public borrowing func attach(to place: borrowing Descriptor) throws(SystemCallError) {
        let (mount, target) = (descriptor.number, place.number)
        try systemCall("move_mount", "descriptor \(target)") {
            unsafe clinux_move_mount(mount, target, "")
        }
    }

    /// Attaches the mount on top of the entry `name` of the directory `place`; a symbolic link is
    /// not followed.
    public borrowing func attach(
        to name: String,
        in place: borrowing Descriptor
    ) throws(SystemCallError) {
        let (mount, target) = (descriptor.number, place.number)
        try systemCall("move_mount", name) { unsafe clinux_move_mount(mount, target, name) }
    }

    /// Attaches the mount on top of `path`.
    public borrowing func attach(to path: FilePath) throws(SystemCallError) {
        let mount = descriptor.number
        try systemCall("move_mount", path.string) {
            unsafe clinux_move_mount(mount, AT_FDCWD, path.string)
        }
    }
}

/// A file system that is being configured.
struct FileSystemContext: ~Copyable {
    private let context: Descriptor
    private let type: String

    init(_ type: String) throws(SystemCallError) {
        self.type = type
        context = Descriptor(
            owning: try systemCall("fsopen", type) { unsafe clinux_fsopen(type) }
        )
    }

    func set(_ key: String, to value: String?) throws(SystemCallError) {
        let number = context.number
        try addingMessages {
            () throws(SystemCallError) in
            try systemCall("fsconfig", "\(type) option \(key)\(value.map { "=\($0)" } ?? "")") {
                guard let value else { return unsafe clinux_fsconfig_flag(number, key) }
                return unsafe clinux_fsconfig_string(number, key, value)
            }
        }
    }

    func mount(_ attributes: MountAttributes) throws(SystemCallError) -> Descriptor {
        let number = context.number
        try addingMessages {
            () throws(SystemCallError) in
            try systemCall("fsconfig", "\(type) file system") { clinux_fsconfig_create(number) }
        }
        return Descriptor(
            owning: try systemCall("fsmount", "\(type) file system") {
                clinux_fsmount(number, attributes.rawValue)
            }
        )
    }

    /// Adds the file system's messages, which are read from the context, to an error.
    private func addingMessages(
        _ body: () throws(SystemCallError) -> Int32
    ) throws(SystemCallError) {
        do {
            _ = try body()
        } catch {
            var messages: [String] = []
            // The kernel reports the end of the messages as an error.
            while let line = try? context.read(upTo: 1024), !line.isEmpty {
                messages.append(String(decoding: line.dropFirst(2), as: UTF8.self))
            }
            if messages.isEmpty { throw error }
            let text = messages.joined(separator: "; ").filter { $0 != "\n" }
            throw SystemCallError(
                call: error.call,
                subject: "\(error.subject) (\(text))",
                reason: error.reason
            )
        }
    }
}
