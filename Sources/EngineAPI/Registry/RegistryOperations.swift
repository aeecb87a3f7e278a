import OCI
import Registry

extension Engine {
    /// The registries with the client's own logins.
    func registry(_ credentials: Credentials) -> Registry {
        Registry(credentials: credentials, environment: environment)
    }

    /// `POST /auth`.
    func checkLogin(_ request: Request, _ response: Response) async throws {
        let document = try await request.document()
        let address = document["serveraddress"].string ?? ""
        let domain = RegistryLogin.domain(ofAddress: address)
        guard let login = try ClientLogins.login(in: document, "auth") else {
            throw EngineError.badRequest("username or identitytoken is required")
        }
        do {
            try await registry(Credentials([domain: login])).checkLogin(at: domain)
        } catch {
            let place = "Get \"https://\(domain)/v2/\""
            switch error.problem {
            case .unauthorized, .denied:
                throw EngineError(
                    401,
                    "\(place): unauthorized: incorrect username or password"
                )
            default: throw EngineError(500, "\(place): \(error)")
            }
        }
        try await response.send(["Status": "Login Succeeded", "IdentityToken": ""])
    }

    /// `GET /distribution/{name}/json`.
    func inspectDistribution(_ request: Request, _ response: Response) async throws {
        let reference = try Self.reference(request.parameter("name"))
        let credentials = try ClientLogins.credentials(of: request, for: reference.domain)
        let image: RemoteImage
        do {
            image = try await registry(credentials).describe(reference)
        } catch {
            switch error.problem {
            case .notFound:
                throw EngineError.notFound(
                    "manifest for \(reference.familiar) not found: manifest unknown"
                )
            case .unauthorized: throw EngineError(401, "\(error)")
            case .denied: throw EngineError(403, "\(error)")
            default: throw EngineError(500, "\(error)")
            }
        }
        try await response.send([
            "Descriptor": [
                "mediaType": .string(image.descriptor.mediaType.rawValue),
                "digest": .string("\(image.descriptor.digest)"),
                "size": .integer(image.descriptor.size),
            ],
            "Platforms": .array(image.platforms.map(\.document)),
        ])
    }

    /// `GET /images/search`.
    func searchImages(_ request: Request, _ response: Response) async throws {
        guard let term = request.query["term"] else {
            throw EngineError.badRequest("the parameter 'term' is required")
        }
        let limit = try request.query.number("limit") ?? 25
        guard (1...100).contains(limit) else {
            throw EngineError.badRequest("Limit \(limit) is outside the range of [1, 100]")
        }
        let filters = try Filters(request.query, known: ["is-automated", "is-official", "stars"])
        let isOfficial = try filters.flag("is-official")
        let isAutomated = try filters.flag("is-automated")
        let stars = try filters["stars"].map { text in
            guard let number = Int(text) else {
                throw EngineError.badRequest("invalid filter 'stars=[\(text)]'")
            }
            return number
        }.max()
        let parts = term.split(separator: "/", maxSplits: 1).map(String.init)
        let hasDomain = parts.count > 1 && parts[0].contains { ".:".contains($0) }
        let domain = RegistryLogin.domain(ofAddress: hasDomain ? parts[0] : "")
        let credentials = try ClientLogins.credentials(of: request, for: domain)
        let found = try await registry(credentials)
            .search(for: hasDomain ? parts[1] : term, at: domain, limit: limit)
            .filter { image in
                // No image is automated any more.
                isAutomated != true && image.isOfficial == isOfficial ?? image.isOfficial
                    && image.stars >= stars ?? 0
            }
        try await response.send(
            .array(
                found.map { image in
                    [
                        "name": .string(image.name),
                        "description": .string(image.description ?? ""),
                        "star_count": JSON(image.stars), "is_official": .bool(image.isOfficial),
                        "is_automated": false,
                    ]
                }
            )
        )
    }
}

extension Platform {
    fileprivate var document: JSON {
        var document: JSON = ["architecture": .string(architecture), "os": .string(os)]
        if let variant { document["variant"] = .string(variant) }
        return document
    }
}
