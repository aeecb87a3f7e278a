/// The major and minor version of a kernel.
struct KernelVersion: Comparable {
    var major: Int
    var minor: Int

    /// Parses `4.8` or `6.18.44-generic`; nil for anything else.
    init?(_ text: String) {
        let numbers = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard numbers.count > 1, let major = Int(numbers[0]),
            let minor = Int(numbers[1].prefix { $0.isASCII && $0.isNumber })
        else { return nil }
        self.init(major: major, minor: minor)
    }

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
