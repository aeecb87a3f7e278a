/// The first two numbers of a kernel's release, such as 6.1 of `6.1.0-18-amd64`.
struct KernelVersion: Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(parsing release: String) {
        let numbers = release.split(separator: ".", maxSplits: 2)
            .prefix(2).compactMap { Int($0.prefix(while: \.isNumber)) }
        guard numbers.count == 2 else { return nil }
        self.init(major: numbers[0], minor: numbers[1])
    }

    static func < (one: Self, other: Self) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    var description: String { "\(major).\(minor)" }
}
