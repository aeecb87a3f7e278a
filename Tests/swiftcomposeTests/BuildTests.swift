import ArgumentParser
import ComposeFile
import Testing

@testable import swiftcompose

struct BuildTests {
    @Test(arguments: [("A=b=c", "b=c"), ("A=", ""), ("A", "from .env"), ("B", nil)])
    func `a build argument without a value is taken from the environment`(
        argument: String,
        value: String?
    ) throws {
        var project = Project(name: "demo", workingDirectory: "/work")
        project.environment = ["A": "from .env"]
        project.services["web"] = Service(name: "web")
        project.services["web"]?.build = BuildDefinition()
        try Build.parse(["--build-arg", argument]).adjust(&project, "web")
        let arguments = try #require(project.services["web"]?.build?.arguments)
        let given = try #require(arguments[String(argument.prefix(1))])
        #expect(given == value)
    }
}
