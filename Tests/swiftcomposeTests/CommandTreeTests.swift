import ArgumentParser
import Testing

@testable import swiftcompose

struct CommandTreeTests {
    @Test func `every command has an explicit, unique name`() {
        let names = CommandTree.all.map { $0.configuration.commandName }
        #expect(!names.contains(nil))
        #expect(Set(names).count == names.count)
    }

    @Test func `a command is named after its type`() {
        for command in CommandTree.all where command.configuration.subcommands.isEmpty {
            #expect(command.configuration.commandName == String(describing: command).lowercased())
        }
    }
}
