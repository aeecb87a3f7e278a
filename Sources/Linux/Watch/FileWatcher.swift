import CLinux
import Glibc
public import SystemPackage

/// Reports changes of files. Source: inotify(7).
public struct FileWatcher: ~Copyable, Sendable {
    /// The kinds of changes to report, and options of a watch.
    public struct Change: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let modified = Change(rawValue: UInt32(IN_MODIFY))
        public static let movedAway = Change(rawValue: UInt32(IN_MOVE_SELF))
        public static let created = Change(rawValue: UInt32(IN_CREATE))
        public static let movedHere = Change(rawValue: UInt32(IN_MOVED_TO))
        public static let removed = Change(rawValue: UInt32(IN_DELETE_SELF))
        public static let entryRemoved = Change(rawValue: UInt32(IN_DELETE))
        public static let entryMovedAway = Change(rawValue: UInt32(IN_MOVED_FROM))
        /// Owner, mode, times, links.
        public static let attributes = Change(rawValue: UInt32(IN_ATTRIB))
        /// Closed by a writer; the only event for writes through a memory mapping.
        public static let closedAfterWriting = Change(rawValue: UInt32(IN_CLOSE_WRITE))
        /// Fails unless the path is a directory.
        public static let directoryOnly = Change(rawValue: UInt32(IN_ONLYDIR))
        /// Fails if the path is a symbolic link.
        public static let notFollowingLink = Change(rawValue: UInt32(IN_DONT_FOLLOW))
    }

    /// A change as reported by the kernel.
    public struct Event: Sendable {
        /// Nil if the kernel dropped events.
        public let watch: Watch?
        public let change: Change
        /// The entry of the watched directory; nil for the watched file itself.
        public let name: FilePath.Component?
    }

    /// Identifies a watched file.
    public struct Watch: Hashable, Sendable {
        fileprivate let number: Int32
    }

    /// Readable when a change is pending; nonblocking.
    public let descriptor: Descriptor

    public init() throws(SystemCallError) {
        descriptor = Descriptor(
            owning: try systemCall("inotify_init1", "file watcher") {
                inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
            }
        )
    }

    /// Watches the file or directory currently at `path`, even after it is moved.
    public borrowing func watch(
        _ path: FilePath,
        for change: Change
    ) throws(SystemCallError) -> Watch {
        let number = descriptor.number
        return Watch(
            number: try systemCall("inotify_add_watch", path.string) {
                unsafe inotify_add_watch(number, path.string, change.rawValue)
            }
        )
    }

    /// Removes a watch; the kernel has already removed that of a deleted file.
    public borrowing func forget(_ watch: Watch) {
        _ = inotify_rm_watch(descriptor.number, watch.number)
    }

    /// The watches with changes since the last call; includes nil if the kernel dropped events.
    public borrowing func changes() throws(SystemCallError) -> Set<Watch?> {
        var changed: Set<Watch?> = []
        try forEachRecord { number, _, _ in
            changed.insert(number < 0 ? nil : Watch(number: number))
        }
        return changed
    }

    /// The events since the last call, in order.
    public borrowing func events() throws(SystemCallError) -> [Event] {
        var events: [Event] = []
        var names: [ArraySlice<UInt8>: FilePath.Component] = [:]
        try forEachRecord { number, change, bytes in
            // Names repeat, so they are cached; each is padded with zeros.
            var name = names[bytes]
            if name == nil, !bytes.isEmpty {
                let text = bytes.map(CChar.init(bitPattern:))
                name = FilePath.Component(platformString: text)
                names[bytes] = name
            }
            events.append(
                Event(
                    watch: number < 0 ? nil : Watch(number: number),
                    change: Change(rawValue: change),
                    name: name
                )
            )
        }
        return events
    }

    private borrowing func forEachRecord(
        _ body: (Int32, UInt32, ArraySlice<UInt8>) -> Void
    ) throws(SystemCallError) {
        while let bytes = try readRecords() {
            var place = 0
            while place + 16 <= bytes.count {
                let end = place + 16 + Int(Self.word(bytes, place + 12))
                let number = Int32(bitPattern: Self.word(bytes, place))
                body(number, Self.word(bytes, place + 4), bytes[place + 16..<end])
                place = end
            }
        }
    }

    private borrowing func readRecords() throws(SystemCallError) -> [UInt8]? {
        do {
            let bytes = try descriptor.read(upTo: 4096)
            return bytes.isEmpty ? nil : bytes
        } catch  where error.reason == .wouldBlock {
            return nil
        }
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }
}
