/// The result of converting a project for another engine.
public struct Conversion: Sendable, Equatable {
    /// A file to write.
    public struct File: Sendable, Equatable {
        /// The path below the output directory.
        public var path: String
        public var text: String
        /// Whether only the owner may read it.
        public var isSecret = false
    }

    /// The files, by path.
    public var files: [File]
    /// The treatment of each attribute.
    public var report: ConversionReport
}
