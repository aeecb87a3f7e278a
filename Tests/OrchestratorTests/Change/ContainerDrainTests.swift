import Testing

@testable import Orchestrator

struct ContainerDrainTests {
    private static let heading =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"

    @Test func `only connections to listening ports count`() {
        let table = """
              0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
              1: 0200030A:0050 0100030A:D431 01 00000000:00000000 00:00000000 00000000     0
              2: 0200030A:0050 0100030A:D432 06 00000000:00000000 00:00000000 00000000     0
              3: 0200030A:D433 0300030A:1538 01 00000000:00000000 00:00000000 00000000     0
              4: 0200030A:0050 0100030A:D434 03 00000000:00000000 00:00000000 00000000     0
            """
        #expect(ContainerDrain.inbound([Self.heading + table, ""]) == 2)
    }

    @Test func `a listening IPv6 socket serves both tables`() {
        let ipv6 = """
              0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0 0
              1: 0000000000000000FFFF00000200030A:0050 0000000000000000FFFF00000100030A:D431 01 0 0
            """
        #expect(ContainerDrain.inbound(["", Self.heading + ipv6]) == 1)
    }
}
