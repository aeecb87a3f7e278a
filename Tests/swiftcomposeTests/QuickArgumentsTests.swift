import ArgumentParser
import Testing

@testable import swiftcompose

struct QuickArgumentsTests {
    @Test(arguments: [
        ["exec", "web", "true"],
        ["exec", "-T", "web", "sh", "-c", "exit 3"],
        ["-f", "a.yaml", "--file", "b.yaml", "--file=c.yaml", "exec", "web", "ls", "-la"],
        ["-p", "shop", "--project-directory", "/srv", "exec", "--index", "2", "web", "env"],
        ["--env-file=.e", "--profile", "x", "--profile=y", "exec", "web", "env", "--index=1"],
        ["--project-name=shop", "exec", "-d", "--privileged", "--index=3", "web", "sleep", "1"],
        ["exec", "-u", "me:us", "-w", "/tmp", "-e", "A=1", "--env=B", "--env", "C=", "web", "ls"],
        ["exec", "--user=0", "--workdir=/", "--no-TTY", "-i", "-t", "web", "id", "-u"],
        ["exec", "--detach", "--interactive", "--tty", "--no-tty", "web", "a", "-e", "b"],
    ])
    func `common arguments are parsed as by ArgumentParser`(arguments: [String]) throws {
        let quick = try #require(QuickArguments(exec: arguments))
        let split = SplitArguments(arguments)
        #expect(quick.global == (try GlobalOptions.parse(split.global).settings))
        let command = try #require(try CommandTree.parseAsRoot(split.command) as? Exec)
        #expect(quick.exec == command.invocation)
    }

    @Test(arguments: [
        [], ["exec"], ["exec", "web"], ["ps"], ["-f"], ["-f", "a.yaml"],
        ["--ansi", "auto", "exec"],
        ["--dry-run", "exec", "web", "true"], ["exec", "-it", "web", "sh"],
        ["exec", "--help"], ["exec", "web", "sh", "--help"], ["exec", "web", "--", "sh"],
        ["exec", "--", "web", "sh"], ["exec", "--index", "x", "web", "sh"],
        ["exec", "-u", "-T", "web", "sh"], ["exec", "-uroot", "web", "sh"],
        ["exec", "--user=", "web", "sh"], ["exec", "web", "-x"], ["exec", "--frob", "web", "sh"],
    ])
    func `all other arguments are left to ArgumentParser`(arguments: [String]) {
        #expect(QuickArguments(exec: arguments) == nil)
    }
}
