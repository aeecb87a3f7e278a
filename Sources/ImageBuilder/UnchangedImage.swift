import ImageStore
import OCI

extension ImageStore {
    /// Makes the image, or takes the one that bears `name` already when the new one would differ
    /// from it in its times only.
    ///
    /// So a build whose steps all came from the cache gives the same image again, as BuildKit's
    /// does, and containers that run it are left alone.
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
