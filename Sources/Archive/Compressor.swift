import CArchive

extension ByteSource {
    /// Compresses what is left of the source by gzip, the same bytes for the same input.
    public func compress(
        gzipLevel level: Int,
        to sink: @escaping TarWriter.Sink
    ) throws(ArchiveError) {
        let writer = try TarWriter(
            name: name,
            encoding: .gzip(level: level),
            isRaw: true,
            sink: sink
        )
        try writer.addRaw(self)
        try writer.finish()
    }
}
