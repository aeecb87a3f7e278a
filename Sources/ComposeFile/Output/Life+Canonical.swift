extension Dependency: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.word("condition", condition)
        output.flag("restart", restart)
        output.extensions(extensions)
        output.boolean("required", required)
        return output.value
    }
}

extension HealthCheck: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.strings("test", test)
        output.duration("timeout", timeout)
        output.duration("interval", interval)
        output.number("retries", retries)
        output.duration("start_period", startPeriod)
        output.duration("start_interval", startInterval)
        output.flag("disable", disabled)
        output.extensions(extensions)
        return output.value
    }
}

extension Hook: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        output(form).value
    }

    fileprivate func output(_ form: Canonical.Form) -> Canonical {
        var output = Canonical(form)
        output.command("command", command)
        output.text("image", image)
        output.text("user", user)
        output.flag("privileged", privileged)
        output.text("working_dir", workingDirectory)
        output.variables("environment", environment)
        output.flag("per_replica", perReplica)
        output.extensions(extensions)
        return output
    }
}

extension Develop: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.objects("watch", watch)
        output.extensions(extensions)
        return output.value
    }
}

extension WatchRule: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("path", path)
        output.word("action", action)
        output.text("target", target)
        output.section("exec", (exec ?? Hook(command: nil)).output(form))
        output.strings("include", include)
        output.strings("ignore", ignore)
        output.flag("initial_sync", initialSync)
        output.extensions(extensions)
        return output.value
    }
}

extension Logging: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("driver", driver)
        output.labels("options", options)
        output.extensions(extensions)
        return output.value
    }
}

extension Provider: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.text("type", type)
        output.map("options", options) { .list($0.map(Value.string)) }
        output.extensions(extensions)
        return output.value
    }
}

extension EnvFile: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        guard !required || format != nil else { return .string(path) }
        var output = Canonical(form)
        output.text("path", path)
        output.boolean("required", required)
        output.text("format", format)
        return output.value
    }
}
