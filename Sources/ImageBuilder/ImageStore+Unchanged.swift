import ImageStore
import OCI

extension ImageStore {
    /// Makes the image, or returns the image tagged `name` if the new one would differ from it only
    /// in its times.
    ///
    /// A build whose steps all come from the cache thus results in the same image, as in BuildKit,
    /// and containers that run it are not recreated.
    func image(
        _ configuration: ImageConfiguration,
        _ layers: [Layer],
        named name: ImageReference?
    ) throws(ImageStoreError) -> Image {
        if let name, let present = try image(name) {
            var wanted = configuration
            wanted.diffIDs = layers.map(\.diffID)
            if present.configuration.withoutTimes == wanted.withoutTimes { return present }
        }
        return try makeImage(configuration: configuration, layers: layers)
    }
}

extension ImageConfiguration {
    fileprivate var withoutTimes: ImageConfiguration {
        var timeless = self
        timeless.created = nil
        for index in timeless.history.indices { timeless.history[index].created = nil }
        return timeless
    }
}
