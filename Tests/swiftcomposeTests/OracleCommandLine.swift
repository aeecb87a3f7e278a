/// The commands and options of docker compose v2.40.3, as its help names them, and those that v5
/// added.
enum OracleCommandLine {
    /// The options of each command, short names before a slash; the first line has global ones.
    static let options: [(command: String, options: [(short: String?, long: String)])] =
        (text.split(separator: "\n") + additions.split(separator: "\n")).map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let options = parts[1].split(separator: " ").map { name in
                let names = name.split(separator: "/").map(String.init)
                return (short: names.count > 1 ? names[0] : nil, long: names[names.count - 1])
            }
            return (command: String(parts[0]), options: options)
        }

    /// Added by docker compose 5.
    private static let additions = "start: wait wait-timeout"

    private static let text = """
        : all-resources ansi compatibility dry-run env-file f/file parallel profile progress \
        project-directory p/project-name
        alpha:
        alpha generate: format name project-dir
        alpha publish: app oci-version resolve-image-digests with-env y/yes
        alpha viz: image indentation-size networks ports spaces
        attach: detach-keys index no-stdin sig-proxy
        bridge:
        bridge convert: o/output templates t/transformation
        bridge transformations:
        bridge transformations create: f/from
        bridge transformations list: format q/quiet
        build: build-arg builder check m/memory no-cache print provenance pull push q/quiet sbom \
        ssh with-dependencies
        commit: a/author c/change index m/message p/pause
        config: environment format hash images lock-image-digests models networks no-consistency \
        no-env-resolution no-interpolate no-normalize no-path-resolution o/output profiles \
        q/quiet resolve-image-digests services variables volumes
        cp: all a/archive L/follow-link index
        create: build force-recreate no-build no-recreate pull quiet-pull remove-orphans scale \
        y/yes
        down: remove-orphans rmi t/timeout v/volumes
        events: json since until
        exec: d/detach e/env index T/no-tty privileged u/user w/workdir
        export: index o/output
        images: format q/quiet
        kill: remove-orphans s/signal
        logs: f/follow index no-color no-log-prefix since n/tail t/timestamps until
        ls: a/all filter format q/quiet
        pause:
        port: index protocol
        ps: a/all filter format no-trunc orphans q/quiet services status
        publish: app oci-version resolve-image-digests with-env y/yes
        pull: ignore-buildable ignore-pull-failures include-deps policy q/quiet
        push: ignore-push-failures include-deps q/quiet
        restart: no-deps t/timeout
        rm: f/force s/stop v/volumes
        run: build cap-add cap-drop d/detach entrypoint e/env env-from-file i/interactive l/label \
        name T/no-TTY no-deps p/publish pull q/quiet quiet-build quiet-pull remove-orphans rm \
        P/service-ports use-aliases u/user v/volume w/workdir
        scale: no-deps
        start:
        stats: a/all format no-stream no-trunc
        stop: t/timeout
        top:
        unpause:
        up: abort-on-container-exit abort-on-container-failure always-recreate-deps attach \
        attach-dependencies attach-dependencies build d/detach exit-code-from \
        abort-on-container-exit force-recreate menu detach no-attach no-build no-color no-deps \
        no-log-prefix no-recreate force-recreate no-start pull quiet-build quiet-pull \
        remove-orphans V/renew-anon-volumes scale t/timeout timestamps wait wait-timeout w/watch \
        y/yes
        version: f/format short
        volumes: format q/quiet
        wait: down-project
        watch: no-up prune quiet
        """
}
