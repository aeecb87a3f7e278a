import Testing

@testable import swiftcompose

struct BooleanArgumentTests {
    @Test(
        arguments: [
            (["up", "--build=true", "-d"], ["up", "--build", "-d"]),
            (["up", "--build=false", "--menu=false"], ["up", "--no-menu"]),
            (["build", "--provenance=false"], ["build", "--provenance=false"]),
            (["config", "--format=json"], ["config", "--format=json"]),
            (["run", "--rm=true", "-e", "A=true", "svc"], ["run", "--rm", "-e", "A=true", "svc"]),
            (["run", "svc", "--rm=false"], ["run", "svc", "--rm=false"]),
            (["exec", "--tty=false", "svc", "x"], ["exec", "--no-tty", "svc", "x"]),
            (["ps", "--", "--all=true"], ["ps", "--", "--all=true"]),
        ] as [([String], [String])]
    )
    func `a flag's value is said in our way`(given: [String], said: [String]) {
        #expect(BooleanArgument.normalised(given) == said)
    }
}
