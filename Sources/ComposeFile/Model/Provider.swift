/// An outside program that carries a service out.
public struct Provider: Sendable, Equatable {
    /// The program's name.
    public var type: String
    /// Values of its flags, by flag.
    public var options: [String: [String]] = [:]
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a provider without options.
    public init(type: String) {
        self.type = type
    }
}
