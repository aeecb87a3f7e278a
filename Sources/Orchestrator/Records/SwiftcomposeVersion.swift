/// The version of this program.
public enum SwiftcomposeVersion {
    public static let current = "0.1.0"
}
