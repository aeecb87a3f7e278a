public import OCI

extension ChainID {
    /// The stack of this name, as it was written down earlier.
    public init(named digest: Digest) { self.digest = digest }
}
