import ImageStore
import Orchestrator

/// A kind of content as `docker system df` shows it.
struct DiskUsageListing: Encodable {
    var active: String
    var reclaimable: String
    var size: String
    var totalCount: String
    var type: String

    enum CodingKeys: String, CodingKey {
        case active = "Active"
        case reclaimable = "Reclaimable"
        case size = "Size"
        case totalCount = "TotalCount"
        case type = "Type"
    }

    static let columns = ["Type", "TotalCount", "Active", "Size", "Reclaimable"]
    static let headings = ["TotalCount": "TOTAL"]

    static func all(of usage: SystemUsage) -> [DiskUsageListing] {
        [
            DiskUsageListing("Images", usage.images),
            DiskUsageListing("Containers", usage.containers),
            DiskUsageListing("Local Volumes", usage.volumes),
            DiskUsageListing("Build Cache", usage.buildCache, showsPercentage: false),
        ]
    }

    private init(_ type: String, _ usage: DiskUsage, showsPercentage: Bool = true) {
        self.type = type
        active = String(usage.active)
        totalCount = String(usage.count)
        size = DecimalSize.text(usage.total, digits: 4)
        reclaimable = DecimalSize.text(usage.reclaimable, digits: 4)
        if showsPercentage, usage.total > 0 {
            let share = Double(usage.reclaimable) / Double(usage.total)
            reclaimable += " (\(Int(100 * share))%)"
        }
    }
}
