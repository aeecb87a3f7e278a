import ArgumentParser

@main
struct Swiftcompose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftcompose",
        abstract: "Run the services of a Compose file, with no daemon and no other engine."
    )
}
