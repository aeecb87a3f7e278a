/// The name of a kernel parameter, such as `net.ipv4.ip_forward` or `net/ipv4/ip_forward`.
///
/// The first separator in a name, dot or slash, separates its components; the other one is then part
/// of a component, as in `net.ipv4.conf.eth0/10.forwarding` for the interface `eth0.10`.
/// Source: sysctl(8).
public struct SysctlName: Sendable, Hashable {
    /// The components, which are the path below `/proc/sys`; none is empty, `.` or `..`.
    public let components: [String]

    /// Parses a name; nil if it has fewer than two components or one that is not a file name.
    public init?(_ text: String) {
        guard let separator = text.first(where: { $0 == "." || $0 == "/" }) else { return nil }
        let other: Character = separator == "." ? "/" : "."
        components = text.split(separator: separator, omittingEmptySubsequences: false).map {
            // In slash notation only dots need replacing, since a file name has no slashes.
            separator == "." ? String($0.map { $0 == other ? "." : $0 }) : String($0)
        }
        let isPath = components.allSatisfy { component in
            !["", ".", ".."].contains(component)
                && component.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        }
        guard components.count > 1, isPath else { return nil }
    }

    /// The path below `/proc/sys`.
    public var path: String { components.joined(separator: "/") }
}
