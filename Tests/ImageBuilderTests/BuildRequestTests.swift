import SystemPackage
import Testing

@testable import ImageBuilder

struct BuildRequestTests {
    @Test(
        arguments: [
            (BuildRequest.Network.standard, []), (.none, []), (.host, [.hostNetwork]),
        ] as [(BuildRequest.Network, [BuildRequest.Entitlement])]
    )
    func `a step on the host's network needs the entitlement`(
        network: BuildRequest.Network,
        missing: [BuildRequest.Entitlement]
    ) {
        var request = BuildRequest(context: "/c")
        #expect(request.missingEntitlements(network: network, isInsecure: false) == missing)
        request.entitlements = [.hostNetwork]
        #expect(request.missingEntitlements(network: network, isInsecure: false).isEmpty)
        request.entitlements = []
        request.network = .host
        #expect(request.missingEntitlements(network: network, isInsecure: false).isEmpty)
    }

    @Test func `an insecure step needs its own entitlement`() {
        var request = BuildRequest(context: "/c")
        request.entitlements = [.hostNetwork]
        #expect(request.missingEntitlements(network: .host, isInsecure: true) == [.insecure])
    }
}
