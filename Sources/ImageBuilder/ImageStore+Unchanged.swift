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
        let chain = layers.map(\.chainID)
        let present = try images().filter {
            $0.image.chain == chain
                && $0.image.configuration.isSameBuild(as: configuration, layers)
        }
        if let same = present.first(where: { $0.reference == name }) ?? present.first {
            return same.image
        }
        return try makeImage(configuration: configuration, layers: layers)
    }
}

extension ImageConfiguration {
    /// Whether `other` with these layers differs only in times.
    func isSameBuild(as other: ImageConfiguration, _ layers: [Layer]) -> Bool {
        var other = other
        other.diffIDs = layers.map(\.diffID)
        return withoutTimes == other.withoutTimes
    }

    fileprivate var withoutTimes: ImageConfiguration {
        var timeless = self
        timeless.created = nil
        for index in timeless.history.indices { timeless.history[index].created = nil }
        return timeless
    }
}
