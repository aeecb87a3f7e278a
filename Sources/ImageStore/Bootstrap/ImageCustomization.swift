/// The files in which published base images differ from a fresh installation. Source: debuerreotype
/// and Docker's `mkimage/debootstrap` scripts.
enum ImageCustomization {
    /// dpkg's path filters of slim images, which also apply to later installations.
    static let slimFilters = [
        "path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright",
        "path-exclude=/usr/share/info/*", "path-exclude=/usr/share/linda/*",
        "path-exclude=/usr/share/lintian/overrides/*", "path-exclude=/usr/share/locale/*",
        "path-include=/usr/share/locale/locale.alias", "path-exclude=/usr/share/man/*",
    ]

    private static let archives = "/var/cache/apt/archives"

    /// Settings of apt and dpkg in images: no caches, no fsync.
    private static let settings: [(path: String, lines: [String])] = [
        (
            "etc/apt/apt.conf.d/docker-clean",
            [
                "DPkg::Post-Invoke { \"\(removal)\"; };",
                "APT::Update::Post-Invoke { \"\(removal)\"; };",
                "Dir::Cache::pkgcache \"\"; Dir::Cache::srcpkgcache \"\";",
            ]
        ),
        ("etc/apt/apt.conf.d/docker-gzip-indexes", ["Acquire::GzipIndexes \"true\";"]),
        ("etc/apt/apt.conf.d/docker-no-languages", ["Acquire::Languages \"none\";"]),
        (
            "etc/apt/apt.conf.d/docker-autoremove-suggests",
            ["Apt::AutoRemove::SuggestsImportant \"false\";"]
        ),
        ("etc/dpkg/dpkg.cfg.d/docker-apt-speedup", ["force-unsafe-io"]),
        // Installing a package must not start its services.
        ("usr/sbin/policy-rc.d", ["#!/bin/sh", "exit 101"]),
    ]

    private static let removal =
        "rm -f \(archives)/*.deb \(archives)/partial/*.deb /var/cache/apt/*.bin || true"

    /// A shell script that customizes the tree in its first argument.
    static func script(options: PackageOptions, isSlim: Bool) -> String {
        var settings = settings
        if !options.lasting.isEmpty {
            settings.append(("etc/apt/apt.conf.d/90host", options.lasting))
        }
        if isSlim { settings.append(("etc/dpkg/dpkg.cfg.d/docker", slimFilters)) }
        var lines = settings.map { path, lines in
            "printf '%s\\n' \(lines.map { "'\($0)'" }.joined(separator: " ")) > \"$1/\(path)\""
        }
        lines += [
            "chmod 755 \"$1/usr/sbin/policy-rc.d\"",
            "rm -f \"$1/etc/apt/apt.conf.d/99mmdebstrap\" "
                + "\"$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap\" \"$1/etc/hostname\"",
            "rm -rf \"$1/var/lib/apt/lists/\"* \"$1/var/log/\"*.log \"$1/var/log/apt/\"*",
            ": > \"$1/etc/resolv.conf\"",
            "rm -f \"$1/var/cache/apt/\"*.bin",
            "rm -f \"$1/var/cache/ldconfig/aux-cache\" \"$1/var/cache/debconf/\"*-old "
                + "\"$1/var/lib/dpkg/\"*-old",
        ]
        return lines.joined(separator: "\n")
    }
}
