/// Which swiftcompose this is.
public enum SwiftcomposeVersion {
    public static let current = "0.1.0"
}
