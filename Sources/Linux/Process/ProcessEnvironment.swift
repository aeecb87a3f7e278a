import Glibc

/// The variables this process was started with.
public enum ProcessEnvironment {
    /// Every variable; of one named twice, the first. Source: environ(7).
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
