import Glibc

/// The environment of this process.
public enum ProcessEnvironment {
    /// All variables; the first value of a duplicate. Source: environ(7).
    public static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2, variables[String(pair[0])] == nil {
                variables[String(pair[0])] = String(pair[1])
            }
            unsafe entry += 1
        }
        return variables
    }
}
