import Glibc

/// The password database. Source: passwd(5).
public enum UserAccount {
    /// The name of a user; nil if it has none.
    public static func name(of user: UInt32) -> String? {
        guard let entry = unsafe getpwuid(user) else { return nil }
        return unsafe String(cString: entry.pointee.pw_name)
    }
}
