import ImageStore
import OCI

extension ImageStore {
    /// Makes the image, or returns one that would differ from it only in its times: the image
    /// tagged `name`, or any other.
    ///
    /// A build whose steps all come from the cache thus results in the same image, as in BuildKit,
    /// and containers that run it are not recreated.
    func image(
        _ configuration: ImageConfiguration,
        _ layers: [Layer],
        named name: ImageReference?
    ) throws(ImageStoreError) -> Image {
        var wanted = configuration
        wanted.diffIDs = layers.map(\.diffID)
        wanted = wanted.withoutTimes
        let chain = layers.map(\.chainID)
        let present = try images().filter {
            $0.image.chain == chain && $0.image.configuration.withoutTimes == wanted
        }
        if let same = present.first(where: { $0.reference == name }) ?? present.first {
            return same.image
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
