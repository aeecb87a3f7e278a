extension BuildDefinition: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("context", context)
        output.text("dockerfile", dockerfile)
        output.text("dockerfile_inline", dockerfileInline)
        output.strings("entitlements", entitlements)
        output.variables("args", arguments)
        output.text("provenance", provenance)
        output.text("sbom", sbom)
        output.list("ssh", ssh) { key in
            .string(key.path.map { "\(key.id)=\($0)" } ?? key.id)
        }
        output.labels("labels", labels)
        output.strings("cache_from", cacheFrom)
        output.strings("cache_to", cacheTo)
        output.flag("no_cache", noCache)
        output.strings("no_cache_filter", noCacheFilter)
        output.labels("additional_contexts", additionalContexts)
        output.flag("pull", pull)
        output.hosts("extra_hosts", extraHosts)
        output.text("isolation", isolation)
        output.text("network", network)
        output.text("target", target)
        output.objects("secrets", secrets)
        output.bytes("shm_size", shmSize)
        output.strings("tags", tags)
        output.objects("ulimits", ulimits)
        output.strings("platforms", platforms)
        output.flag("privileged", privileged)
        output.extensions(extensions)
        return output.value
    }
}

extension FileReference: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("source", source)
        output.text("target", target)
        output.text("uid", uid)
        output.text("gid", gid)
        output.text("mode", mode.map { ($0 < 0 ? "0-" : "0") + String($0.magnitude, radix: 8) })
        output.extensions(extensions)
        return output.value
    }
}

extension Ulimit: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        switch self {
        case .single(let value) where value != 0 || form == .yaml: return .integer(value)
        default: break
        }
        var output = Canonical(form)
        let showsZero = form == .yaml
        if soft != 0 || showsZero { output.number("soft", soft) }
        if hard != 0 || showsZero { output.number("hard", hard) }
        return output.value
    }
}
