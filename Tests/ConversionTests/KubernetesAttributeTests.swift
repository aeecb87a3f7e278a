import ComposeFile
import Conversion
import Testing

/// Every attribute of the schema is in the report, and those carried over are in the manifests.
struct KubernetesAttributeTests {
    private let probe = AttributeProbe(
        convert: { try KubernetesConverter.convert($0, files: Fixture.files()) },
        withoutTrace: [
            "name",
            "services.web.restart", "services.web.depends_on.db.condition",
            "services.web.deploy.endpoint_mode", "services.web.deploy.mode",
            "services.web.deploy.restart_policy", "services.web.networks.net",
            "services.web.volumes[].bind.propagation", "services.web.env_file[].required",
            "services.web.env_file[].format",
        ]
    )

    @Test(arguments: AttributeCatalogue.entries)
    func `an attribute is in the report`(entry: AttributeCatalogue.Entry) throws {
        try probe.checkPresence(of: entry)
    }

    @Test(arguments: AttributeCatalogue.entries)
    func `an attribute without counterpart does not change the manifests`(
        entry: AttributeCatalogue.Entry
    ) throws {
        try probe.checkAbsence(of: entry)
    }

    @Test func `each entry of the report has a location and a detail`() throws {
        try probe.checkDetails()
    }
}
