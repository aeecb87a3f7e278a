import ComposeFile
import Conversion
import Testing

/// Every attribute of the schema is in the report, and those carried over are in the stack file.
struct SwarmAttributeTests {
    private let probe = AttributeProbe(
        convert: { try SwarmConverter.convert($0, files: Fixture.files()) },
        withoutTrace: [
            "name", "services.web.networks.net", "services.web.env_file[].required",
            "services.web.env_file[].format", "services.web.depends_on.db.condition",
            "networks.net.driver",
        ]
    )

    @Test(arguments: AttributeCatalogue.entries)
    func `an attribute is in the report`(entry: AttributeCatalogue.Entry) throws {
        try probe.checkPresence(of: entry)
    }

    @Test(arguments: AttributeCatalogue.entries)
    func `an attribute without counterpart does not change the stack file`(
        entry: AttributeCatalogue.Entry
    ) throws {
        try probe.checkAbsence(of: entry)
    }

    @Test func `each entry of the report has a location and a detail`() throws {
        try probe.checkDetails()
    }
}
