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

    /// The value of one variable; nil if it is not set.
    public static func value(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(cString: text)
    }

    /// Sets a variable for this process, while it has one thread, and the programs it starts.
    public static func set(_ name: String, to value: String) throws(SystemCallError) {
        try systemCall("setenv", name) { unsafe setenv(name, value, 1) }
    }
}
