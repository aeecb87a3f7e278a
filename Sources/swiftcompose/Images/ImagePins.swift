import ComposeFile
import OCI
import Orchestrator
import Registry
import TaskGraph
import YAML

/// The images of services with the digests that their registries report.
struct ImagePins {
    /// An image reference in a Compose file.
    struct Mention: Sendable {
        var image: String
        var location: SourceLocation?
    }

    private var pinned: [String: String] = [:]

    /// Resolves the digests of all images that have none; throws the first failure.
    init(of mentions: [Mention], in session: Session) async throws {
        let distinct = Dictionary(mentions.map { ($0.image, $0) }) { first, _ in first }
        let sorted = distinct.values.sorted { $0.image < $1.image }
        let registry = try session.openRegistry()
        let all = { (_: Mention) in true }
        let outcomes = await session.transfers.run(sorted, isNeeded: all) { mention in
            do {
                return try await Self.pinned(mention.image, registry)
            } catch {
                throw CommandError.noDigest(
                    mention.image,
                    place: mention.location.map { "\($0)" },
                    reason: "\(error)"
                )
            }
        }
        // In the order of completion, so that the first failure is thrown and not one it caused.
        for outcome in outcomes {
            pinned[sorted[outcome.node].image] = try outcome.result.get()
        }
    }

    /// Returns the full reference, without the tag where it had a digest, as docker compose does.
    private static func pinned(_ image: String, _ registry: Registry) async throws -> String {
        let reference = try ImageReference(image)
        if let digest = reference.digest { return "\(reference.name)@\(digest)" }
        return reference.with(digest: try await registry.digest(of: reference)).description
    }

    /// Returns the model with the digests in it.
    func applied(to model: Value) -> Value {
        model.changing("services") { services in
            services.changingEach { service in
                service.changing("image") { image in
                    if case .string(let text) = image, let pin = pinned[text] {
                        .string(pin)
                    } else {
                        image
                    }
                }
            }
        }
    }
}

extension Value {
    /// The model with only the images of its services, as an override file.
    var imagesOnly: Value {
        keeping("services").changing("services") { services in
            services.changingEach { $0.keeping("image") }
        }
    }

    private func keeping(_ key: String) -> Value {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.key == key })
    }

    fileprivate func changing(_ key: String, _ change: (Value) -> Value) -> Value {
        changingMembers { $0.key == key ? change($0.value) : $0.value }
    }

    fileprivate func changingEach(_ change: (Value) -> Value) -> Value {
        changingMembers { change($0.value) }
    }

    private func changingMembers(_ change: (Member) -> Value) -> Value {
        guard case .object(let members) = self else { return self }
        return .object(members.map { Member($0.key, change($0)) })
    }
}
