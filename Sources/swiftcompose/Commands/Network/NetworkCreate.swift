import ArgumentParser
import ContainerNetwork
import Orchestrator

struct NetworkCreate: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a network, and print its ID.",
        discussion: """
            Projects use it with 'external: true'. For the options of the driver 'bridge' see \
            docs/NETWORKING.md.
            """
    )

    @Option(help: "Address of a device that is never allocated, DEVICE=ADDRESS; repeatable.")
    var auxAddress: [String] = []

    @Option(name: .shortAndLong, help: "Driver of the network; 'bridge' is the only one.")
    var driver = "bridge"

    @Option(help: "Address of the host in a subnet, the containers' gateway; repeatable.")
    var gateway: [String] = []

    @Flag(help: "Reach only containers of the network, and the host.")
    var `internal` = false

    @Option(help: "Part of a subnet to allocate addresses from; repeatable.")
    var ipRange: [String] = []

    @Option(help: "Driver of addresses; 'default' is the only one.")
    var ipamDriver = "default"

    @Flag(inversion: .prefixedNo, help: "Assign IPv4 addresses.")
    var ipv4 = true

    @Flag(inversion: .prefixedNo, help: "Assign IPv6 addresses.")
    var ipv6 = false

    @Option(help: "Label, NAME=VALUE; repeatable.")
    var label: [String] = []

    @Option(name: [.customShort("o"), .long], help: "Driver option, NAME=VALUE; repeatable.")
    var opt: [String] = []

    @Option(help: "Subnet such as 172.28.0.0/16; one for IPv4 and one for IPv6.")
    var subnet: [String] = []

    @Argument(help: "Name of the network.")
    var name: String

    func run(in session: Session) throws -> Int32 {
        var request = NetworkRequest(name: name)
        request.driver = driver
        request.addressDriver = ipamDriver
        (request.enablesIPv4, request.enablesIPv6) = (ipv4, ipv6)
        request.isInternal = self.internal
        (request.subnets, request.ranges, request.gateways) = (subnet, ipRange, gateway)
        request.reserved = auxAddress.namedValues
        (request.labels, request.options) = (label.namedValues, opt.namedValues)
        Output.line(try session.openHostToChange().createNetwork(request).id)
        return 0
    }
}
