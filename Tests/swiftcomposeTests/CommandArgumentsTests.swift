import ArgumentParser
import Testing

@testable import swiftcompose

struct CommandArgumentsTests {
    @Test func `--build accepts auto`() {
        #expect(CommandArguments(["up", "--build=auto"]).normalized == ["up", "--build-auto"])
    }

    @Test func `the value of --explain is optional`() {
        #expect(CommandArguments(["config", "--explain"]).normalized == ["config", "--explain="])
        #expect(
            CommandArguments(["config", "--explain", "--quiet"]).normalized
                == ["config", "--explain=", "--quiet"]
        )
        #expect(
            CommandArguments(["config", "--explain", "web.image"]).normalized
                == ["config", "--explain", "web.image"]
        )
    }

    @Test(
        arguments: [
            (["up", "--build=true", "-d"], ["up", "--build", "-d"]),
            (["up", "--build=false", "--menu=false"], ["up", "--no-menu"]),
            (["build", "--provenance=false"], ["build", "--provenance=false"]),
            (["config", "--format=json"], ["config", "--format=json"]),
            (["run", "--rm=true", "-e", "A=true", "svc"], ["run", "--rm", "-e=A=true", "svc"]),
            (["run", "svc", "--rm=false"], ["run", "svc", "--rm=false"]),
            (["run", "--name", "a", "svc", "-it"], ["run", "--name", "a", "svc", "-it"]),
            (["exec", "--tty=false", "svc", "x"], ["exec", "--no-tty", "svc", "x"]),
            (["ps", "--", "--all=true"], ["ps", "--", "--all=true"]),
            (["exec", "-T=false", "svc", "x"], ["exec", "svc", "x"]),
            (["exec", "-dT=true", "svc", "x"], ["exec", "-d", "-T", "svc", "x"]),
            (["exec", "-t=false", "svc", "x"], ["exec", "--no-tty", "svc", "x"]),
            (["exec", "-itu", "root", "svc", "-x"], ["exec", "-i", "-t", "-u=root", "svc", "-x"]),
            (["commit", "-p=false", "svc"], ["commit", "--no-pause", "svc"]),
            (["logs", "-fn5", "svc"], ["logs", "-f", "-n=5", "svc"]),
            (["logs", "-n", "-5", "-f"], ["logs", "-n=-5", "-f"]),
            (["logs", "--tail", "-1", "svc"], ["logs", "--tail=-1", "svc"]),
            (["kill", "-sTERM"], ["kill", "-s=TERM"]),
            (["stop", "-t=0"], ["stop", "-t=0"]),
            (["stop", "-t"], ["stop", "-t"]),
            (["up", "-w=yes"], ["up", "-w=yes"]),
            (["cp", "-", "svc:/x"], ["cp", "-", "svc:/x"]),
            (["image", "build", "-tx", "."], ["image", "build", "-tx", "."]),
        ] as [([String], [String])]
    )
    func `arguments that docker compose accepts are normalized`(given: [String], expected: [String])
    {
        let arguments = CommandArguments(given)
        #expect(arguments.normalized == expected)
        #expect(!arguments.isDryRun)
    }

    @Test(
        arguments: [
            (["up", "--dry-run", "-d"], ["up", "-d"], true),
            (["up", "--dry-run=true"], ["up"], true),
            (["up", "--dry-run=false"], ["up"], false),
            (["exec", "--dry-run", "svc", "x"], ["exec", "svc", "x"], true),
            (["exec", "svc", "x", "--dry-run"], ["exec", "svc", "x", "--dry-run"], false),
            (["run", "-e", "A", "svc", "--dry-run"], ["run", "-e=A", "svc", "--dry-run"], false),
        ] as [([String], [String], Bool)]
    )
    func `--dry-run is accepted behind the command`(
        given: [String],
        expected: [String],
        isDryRun: Bool
    ) {
        let arguments = CommandArguments(given)
        #expect(arguments.normalized == expected)
        #expect(arguments.isDryRun == isDryRun)
    }

    @Test func `every short option with a value is known`() throws {
        let option = /-(\w), --[\w-]+ </
        for command in CommandTree.all where command.configuration.subcommands.isEmpty {
            let name = try #require(command.configuration.commandName)
            let help = CommandTree.helpMessage(for: command, includeHidden: true)
            let letters = Set(help.matches(of: option).compactMap(\.output.1.first))
            #expect(letters.isSubset(of: CommandArguments.valued[name] ?? []), "\(name)")
        }
    }
}
