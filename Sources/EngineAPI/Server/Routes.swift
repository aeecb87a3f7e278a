extension Route {
    /// All operations of the Engine API. Source: moby, `api/swagger.yaml`, 1.51.
    static let all: [Route] =
        system + containers + files + execs + images + builds + networks + volumes + swarm + other
        + refused

    private static let system: [Route] = [
        Route("GET", "/_ping") { try await $0.ping($1, $2) },
        Route("HEAD", "/_ping") { try await $0.ping($1, $2) },
        Route("GET", "/version") { try await $0.version($1, $2) },
        Route("GET", "/info") { try await $0.information($1, $2) },
        Route("GET", "/events") { try await $0.events($1, $2) },
        Route("GET", "/system/df") { try await $0.diskUsage($1, $2) },
    ]

    private static let containers: [Route] = [
        Route("GET", "/containers/json") { try await $0.listContainers($1, $2) },
        Route("POST", "/containers/create") { try await $0.createContainer($1, $2) },
        Route("POST", "/containers/prune") { try await $0.pruneContainers($1, $2) },
        Route("GET", "/containers/:id/json") { try await $0.inspectContainer($1, $2) },
        Route("GET", "/containers/:id/logs") { try await $0.logs($1, $2) },
        Route("GET", "/containers/:id/stats") { try await $0.statistics($1, $2) },
        Route("GET", "/containers/:id/top") { try await $0.top($1, $2) },
        Route("POST", "/containers/:id/attach") { try await $0.attach($1, $2) },
        Route("POST", "/containers/:id/wait", isChange: false) {
            try await $0.waitForContainer($1, $2)
        },
        Route("POST", "/containers/:id/start") { try await $0.startContainer($1, $2) },
        Route("POST", "/containers/:id/stop") { try await $0.stopContainer($1, $2) },
        Route("POST", "/containers/:id/restart") { try await $0.restartContainer($1, $2) },
        Route("POST", "/containers/:id/kill") { try await $0.killContainer($1, $2) },
        Route("POST", "/containers/:id/pause") { try await $0.pauseContainer($1, $2) },
        Route("POST", "/containers/:id/unpause") { try await $0.resumeContainer($1, $2) },
        Route("POST", "/containers/:id/resize") { try await $0.resizeContainer($1, $2) },
        Route("POST", "/containers/:id/rename") { try await $0.renameContainer($1, $2) },
        Route("POST", "/containers/:id/update") { try await $0.updateContainer($1, $2) },
        Route("DELETE", "/containers/*id") { try await $0.removeContainer($1, $2) },
    ]

    private static let files: [Route] = [
        Route("HEAD", "/containers/:id/archive") { try await $0.archiveStatus($1, $2) },
        Route("GET", "/containers/:id/archive") { try await $0.readArchive($1, $2) },
        Route("PUT", "/containers/:id/archive") { try await $0.writeArchive($1, $2) },
        Route("GET", "/containers/:id/changes") { try await $0.containerChanges($1, $2) },
        Route("GET", "/containers/:id/export") { try await $0.exportContainer($1, $2) },
        Route("POST", "/commit") { try await $0.commitContainer($1, $2) },
    ]

    private static let execs: [Route] = [
        Route("POST", "/containers/:id/exec") { try await $0.createExec($1, $2) },
        Route("POST", "/exec/:id/start") { try await $0.startExec($1, $2) },
        Route("POST", "/exec/:id/resize") { try await $0.resizeExec($1, $2) },
        Route("GET", "/exec/:id/json") { try await $0.inspectExec($1, $2) },
    ]

    private static let images: [Route] = [
        Route("GET", "/images/json") { try await $0.listImages($1, $2) },
        Route("POST", "/images/create") { try await $0.createImage($1, $2) },
        Route("POST", "/images/load") { try await $0.loadImages($1, $2) },
        Route("GET", "/images/get") { try await $0.saveImages($1, $2) },
        Route("POST", "/images/prune") { try await $0.pruneImages($1, $2) },
        Route("GET", "/images/*name/json") { try await $0.inspectImage($1, $2) },
        Route("GET", "/images/*name/history") { try await $0.imageHistory($1, $2) },
        Route("GET", "/images/*name/get") { try await $0.saveImages($1, $2) },
        Route("GET", "/images/search") { try await $0.searchImages($1, $2) },
        Route("POST", "/images/*name/push") { try await $0.pushImage($1, $2) },
        Route("POST", "/images/*name/tag") { try await $0.tagImage($1, $2) },
        Route("DELETE", "/images/*name") { try await $0.removeImage($1, $2) },
    ]

    private static let builds: [Route] = [
        Route("POST", "/build") { try await $0.build($1, $2) },
        Route("POST", "/build/prune") { try await $0.pruneBuildCache($1, $2) },
        Route("POST", "/auth", isChange: false) { try await $0.checkLogin($1, $2) },
        Route("GET", "/distribution/*name/json") { try await $0.inspectDistribution($1, $2) },
    ]

    private static let networks: [Route] = [
        Route("GET", "/networks") { try await $0.listNetworks($1, $2) },
        Route("POST", "/networks/create") { try await $0.createNetwork($1, $2) },
        Route("POST", "/networks/prune") { try await $0.pruneNetworks($1, $2) },
        Route("POST", "/networks/:id/connect") { try await $0.connectNetwork($1, $2) },
        Route("POST", "/networks/:id/disconnect") { try await $0.disconnectNetwork($1, $2) },
        Route("GET", "/networks/:id") { try await $0.inspectNetwork($1, $2) },
        Route("DELETE", "/networks/:id") { try await $0.removeNetwork($1, $2) },
    ]

    private static let volumes: [Route] = [
        Route("GET", "/volumes") { try await $0.listVolumes($1, $2) },
        Route("POST", "/volumes/create") { try await $0.createVolume($1, $2) },
        Route("POST", "/volumes/prune") { try await $0.pruneVolumes($1, $2) },
        Route("GET", "/volumes/:name") { try await $0.inspectVolume($1, $2) },
        Route("DELETE", "/volumes/:name") { try await $0.removeVolume($1, $2) },
    ]
}

// Operations that this engine answers without serving them.
extension Route {
    /// Swarm's operations, answered as by an engine outside a swarm.
    private static let swarmOperations: [(method: String, pattern: String)] = [
        ("GET", "/swarm"), ("GET", "/swarm/unlockkey"), ("POST", "/swarm/leave"),
        ("POST", "/swarm/update"), ("POST", "/swarm/unlock"), ("GET", "/nodes"),
        ("GET", "/nodes/:id"), ("DELETE", "/nodes/:id"), ("POST", "/nodes/:id/update"),
        ("GET", "/services"), ("POST", "/services/create"), ("GET", "/services/:id"),
        ("DELETE", "/services/:id"), ("POST", "/services/:id/update"),
        ("GET", "/services/:id/logs"), ("GET", "/tasks"), ("GET", "/tasks/:id"),
        ("GET", "/tasks/:id/logs"), ("GET", "/secrets"), ("POST", "/secrets/create"),
        ("GET", "/secrets/:id"), ("DELETE", "/secrets/:id"), ("POST", "/secrets/:id/update"),
        ("GET", "/configs"), ("POST", "/configs/create"), ("GET", "/configs/:id"),
        ("DELETE", "/configs/:id"), ("POST", "/configs/:id/update"), ("PUT", "/volumes/:name"),
    ]

    private static let swarm: [Route] =
        swarmOperations.map { method, pattern in
            Route(method, pattern) { _, _, _ in
                throw EngineError(
                    503,
                    "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm "
                        + "join\" to connect this node to swarm and try again."
                )
            }
        }

    private static let other: [Route] = [
        Route("POST", "/swarm/init") { _, _, _ in
            throw EngineError(501, "swarm mode is not supported")
        },
        Route("POST", "/swarm/join") { _, _, _ in
            throw EngineError(501, "swarm mode is not supported")
        },
        Route("GET", "/plugins") { _, _, response in try await response.send([]) },
        Route("GET", "/plugins/*name/json") { _, request, _ in
            throw EngineError.notFound("plugin \"\(request.parameter("name"))\" not found")
        },
    ]

    /// What is not served yet, with the command that does the same where there is one.
    private static let refusedOperations: [(method: String, pattern: String, subject: String)] = [
        ("GET", "/containers/:id/attach/ws", "attaching by WebSocket is"),
        ("GET", "/containers/:id/checkpoints", "checkpoints are"),
        ("POST", "/containers/:id/checkpoints", "checkpoints are"),
        ("DELETE", "/containers/:id/checkpoints/:name", "checkpoints are"),
        ("POST", "/build/cancel", "cancelling a build by its id is"),
        ("POST", "/session", "BuildKit sessions are"),
        ("POST", "/grpc", "BuildKit is (set DOCKER_BUILDKIT=0)"),
        ("GET", "/plugins/privileges", "plug-ins are"), ("POST", "/plugins/pull", "plug-ins are"),
        ("POST", "/plugins/create", "plug-ins are"), ("DELETE", "/plugins/*name", "plug-ins are"),
        ("POST", "/plugins/*name/enable", "plug-ins are"),
        ("POST", "/plugins/*name/disable", "plug-ins are"),
        ("POST", "/plugins/*name/upgrade", "plug-ins are"),
        ("POST", "/plugins/*name/push", "plug-ins are"),
        ("POST", "/plugins/*name/set", "plug-ins are"),
    ]

    private static let refused: [Route] =
        refusedOperations.map { method, pattern, subject in
            Route(method, pattern) { _, _, _ in
                throw EngineError(501, "\(subject) not supported by swiftcompose's API yet")
            }
        }
}
