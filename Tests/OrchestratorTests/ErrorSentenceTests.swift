import ContainerRuntime
import Linux
import SystemPackage
import Testing
import YAML

@testable import Orchestrator

/// Messages of errors are sentences for users, without Swift's debug descriptions.
struct ErrorSentenceTests {
    private static let place = AttributePlace(
        service: "web",
        attribute: "image",
        location: SourceLocation(file: "compose.yaml", line: 3, column: 5)
    )
    private static let system = SystemCallError(
        call: "open",
        subject: "/x",
        reason: .noSuchFileOrDirectory
    )

    private static let orchestrator: [OrchestratorError] = [
        .externalNetworkMissing("n"), .externalVolumeMissing("v"), .invalidVolumeName("/"),
        .noSuchVolume("v"), .volumeExists("v"), .noSuchNetwork("n"), .volumeTaken("v"),
        .volumeRunning("v", containers: ["c"]), .volumeElsewhere("v"),
        .snapshotExists("s", volume: "v"), .noSuchSnapshot("s", volume: "v"),
        .noSuchSnapshot("s", volume: nil),
        .ambiguousID("ab", of: "container"), .outsideSubnets("10.0.0.1", option: "--ip"),
        .noContainerNamed("c"), .notConnectable("c", mode: "host"),
        .alreadyConnected("c", network: "n"), .notConnected("c", network: "n"),
        .invalidValue(place, value: "x", wanted: "a name"),
        .unsupported(place, reason: "the kernel lacks it"),
        .noSuchContainer("c", neededBy: "web"), .imageMissing("i", place),
        .imageMissing("i", place, reason: "not found"),
        .dependencyFailed("dependency failed to start"),
        .portTaken(place, reason: "port 1 is taken"),
        .updateFailed("web", container: "c", reason: "it exited", .rolledBack),
        .updateFailed("web", container: "c", reason: "it exited", .paused(updated: 1, of: 3)),
        .noCommand(place, image: "i"), .unsupportedDriver("d", of: "network n", known: ["bridge"]),
        .invalidAddress("x", attribute: "ipv4_address"),
        .notHealthyInTime(.seconds(3)), .nameTaken("c", project: "p", container: nil),
        .nameTaken("c", project: "p", container: "0123456789ab"),
        .volumeInUse("v", containers: ["a", "b"]), .volumeRemoved("v", container: "c"),
        .alreadyPaused("c"), .notPaused("c"), .imageGone("i", container: "c"),
        .unreadableState(path: "/x", reason: "not JSON"), .tooFewWatches("/x"),
        .notSynchronised(container: "c", reason: "no space"),
        .watchCommandFailed(container: "c", status: 3), .alreadyWatched(project: "p", process: nil),
        .alreadyWatched(project: "p", process: 7), .nothingToWatch,
        .nothingToStart(nil, project: "p"), .nothingToStart("web", project: "p"),
    ]

    private static let copies: [CopyError] = [
        .notFound("/x", container: "c"), .notADirectory("/x"), .noSuchDirectory("/x"),
        .directoryOverFile("/x"), .specialFile("/x"), .kernelFile("/proc/x", container: "c"),
        .readOnly("/x", container: "c"), .source("cannot read"), .system(system),
        .runtime(.userNotFound("u")),
    ]

    private static let supervisor: [SupervisorError] = [
        .didNotStart("no memory"), .unreachable(system), .ended, .keepsEnding,
        .refused("the container is gone", exitCode: nil), .refused("not found", exitCode: 127),
        .cancelled,
    ].map { SupervisorError($0, project: "p") }

    private static var all: [any Error] {
        let others: [any Error] = [
            RequestFailure(reason: "it is not running"),
            RequestFailure(reason: "not found", exitCode: 127), system,
        ]
        return orchestrator + copies + supervisor + others
    }

    @Test func `no message contains a debug description`() {
        let traces = [
            "Optional(", "Error(", "Failure(", "Orchestrator.", "nil", "[\"", "AttributePlace",
        ]
        for error in Self.all {
            let text = "\(error)"
            for trace in traces { #expect(!text.contains(trace), "\(text)") }
            #expect(text.contains(" ") && text.last != "." && text.last != "\n", "\(text)")
        }
    }

    @Test func `no two messages are the same`() {
        let texts = Self.orchestrator.map { "\($0)" }
        #expect(Set(texts).count == texts.count)
    }
}
