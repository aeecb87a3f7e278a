public import SystemPackage

/// The user namespace of this process. Source: user_namespaces(7).
public enum UserNamespace {
    /// The variable with the path of the holder's socket, in processes that have joined the
    /// namespaces of an ordinary user.
    public static let holderVariable = "SWIFTCOMPOSE_HOLDER"

    /// The variable with the first port of the host's network that a process there may listen at
    /// without privilege; it cannot be read in another network namespace.
    public static let firstPortVariable = "SWIFTCOMPOSE_FIRST_PORT"

    /// That port; nil for root.
    public static var firstPort: Int? {
        ProcessEnvironment.value(firstPortVariable).flatMap { Int($0) }
    }

    /// The socket of the holder whose namespaces this process has joined; nil for root.
    public static var holder: FilePath? {
        ProcessEnvironment.value(holderVariable).map { FilePath($0) }
    }

    /// Whether this process may do what only root of the whole machine may: create device nodes,
    /// mount overlays with trusted attributes, and so on. A process asks after it has joined.
    public static let isInitial: Bool = {
        // Without procfs, calls that are refused report the reason.
        guard let text = try? FileSystem.readText("/proc/self/uid_map") else { return true }
        let words = text.split { " \n".contains($0) }
        return words.count == 3 && words[0] == "0" && words[1] == "0" && words[2] == "4294967295"
    }()

    /// The ids that are mapped, as inclusive ranges inside the namespace.
    public static func mappedUsers() throws(SystemCallError) -> [ClosedRange<UInt32>] {
        try ranges("/proc/self/uid_map")
    }

    public static func mappedGroups() throws(SystemCallError) -> [ClosedRange<UInt32>] {
        try ranges("/proc/self/gid_map")
    }

    private static func ranges(_ path: FilePath) throws(SystemCallError) -> [ClosedRange<UInt32>] {
        try FileSystem.readText(path).split(separator: "\n").compactMap { line in
            let numbers = line.split(separator: " ").compactMap { UInt32($0) }
            guard numbers.count == 3, numbers[2] > 0 else { return nil }
            return numbers[0]...(numbers[0] &+ (numbers[2] - 1))
        }
    }
}
