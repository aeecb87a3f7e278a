import ComposeFile
import Conversion
import Testing
import YAML

/// Compares the report of a conversion with its files, for each attribute of the schema.
struct AttributeProbe {
    let convert: (Project) throws -> Conversion
    /// Attributes carried over whose samples ask for the target's default, or for an object that the
    /// conversion does not create; the fixture sets the project's name.
    let withoutTrace: [String]

    /// Attributes that the loader has applied and removed ('version' with a warning), and those
    /// that leave services out.
    private static let merged = [
        "version", "include", "services.web.extends", "services.web.profiles",
        "services.web.depends_on.db.required",
    ]

    /// Checks that an attribute is in the report, and in the files if it is carried over.
    func checkPresence(of entry: AttributeCatalogue.Entry) throws {
        if Self.merged.contains(where: { entry.path.hasPrefix($0) }) { return }
        guard let with = try conversion(of: entry.with) else { return }
        let reported = with.report.entries.filter { Self.covers($0, entry.path) }
        try #require(!reported.isEmpty, "\(entry.with)")
        guard !withoutTrace.contains(where: { entry.path.hasPrefix($0) }),
            reported.contains(where: { if case .carried = $0.outcome { true } else { false } }),
            let without = try conversion(of: entry.without)
        else { return }
        #expect(with.files != without.files, "\(entry.with)")
    }

    /// Checks that an attribute without counterpart does not change the files.
    func checkAbsence(of entry: AttributeCatalogue.Entry) throws {
        guard let with = try conversion(of: entry.with),
            let without = try conversion(of: entry.without),
            case let reported = with.report.entries.filter({ Self.covers($0, entry.path) }),
            !reported.isEmpty,
            reported.allSatisfy({ if case .missing = $0.outcome { true } else { false } })
        else { return }
        #expect(with.files == without.files, "\(entry.with)")
    }

    /// Checks that each entry of the report has a location and a detail.
    func checkDetails() throws {
        for entry in AttributeCatalogue.entries {
            for line in try conversion(of: entry.with)?.report.entries ?? [] {
                #expect(line.location.line > 0, "\(line.name)")
                #expect(!line.outcome.detail.isEmpty, "\(line.name)")
                #expect(!line.outcome.detail.contains("does not know"), "\(line.name)")
            }
        }
    }

    /// Whether an entry is the attribute at a schema's path, or a section that it belongs to.
    private static func covers(_ entry: ConversionReport.Entry, _ path: String) -> Bool {
        let keys = entry.path.filter { Int($0) == nil }.joined(separator: ".")
        let wanted = path.replacing("[]", with: "")
        return wanted == keys || wanted.hasPrefix(keys + ".")
    }

    private func conversion(of fragment: String) throws -> Conversion? {
        do {
            let project = try Fixture.project([
                "compose.yaml": Self.base, "fragment.yaml": fragment,
            ])
            return try convert(project)
        } catch is ComposeErrors {
            // The sample of an attribute may contradict the base.
            return nil
        }
    }

    private static let base = """
        services:
          web:
            image: web
            networks: {net: }
            volumes: ['data:/data']
            secrets: [sec]
            configs: [conf]
            healthcheck: {test: [CMD, probe], start_period: 3s}
            depends_on: {db: {condition: service_healthy}}
          db: {image: db}
        networks: {net: }
        volumes: {data: }
        secrets: {sec: {file: ./sec}}
        configs: {conf: {file: ./conf}}
        """
}
