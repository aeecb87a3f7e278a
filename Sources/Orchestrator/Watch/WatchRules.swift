public import ComposeFile
import Dockerfile
public import SystemPackage

/// The `develop.watch` rules of a project, applied to changed paths.
///
/// Source: Compose Develop Specification.
public struct WatchRules: Sendable {
    /// The paths to watch.
    public var roots: Set<FilePath> { Set(rules.map(\.path)) }
    /// Warnings about paths that are not watched although a rule names them.
    public private(set) var warnings: [String] = []
    private var rules: [Rule] = []

    /// Reads the rules of `services`; `readText` returns the text of a file, nil if it is missing.
    public init(
        _ services: [Service],
        readText: (FilePath) throws -> String?
    ) throws {
        for service in services {
            let ignored = try service.build.map { try Self.ignored(by: $0, readText) } ?? []
            for (index, rule) in (service.develop?.watch ?? []).enumerated() {
                try service.check(rule, index)
                try add(rule, index, of: service, ignored)
            }
        }
    }

    private mutating func add(
        _ rule: WatchRule,
        _ index: Int,
        of service: Service,
        _ ignored: [PathFilter]
    ) throws {
        let path = FilePath(rule.path).lexicallyNormalized()
        let isMounted = service.mounts(path)
        if isMounted, rule.action == .sync || rule.action == .syncAndRestart {
            warnings.append(
                "path '\(rule.path)' also declared by a bind mount volume, "
                    + "this path won't be monitored!"
            )
            return
        }
        let (includes, ignores) = (rule.include, rule.ignore)
        let included =
            try includes.isEmpty
            ? nil : service.filter(includes, below: path, of: index, "include")
        rules.append(
            Rule(
                service: service.name,
                index: index,
                action: rule.action,
                path: path,
                // A bind-mounted file needs no copy, which would be a change again, without end.
                target: isMounted || !rule.action.copies ? nil : rule.target,
                hasInitialSync: rule.initialSync,
                dockerfile: service.build?.dockerfile,
                included: included,
                ignored: ignored + [try service.filter(ignores, below: path, of: index, "ignore")]
            )
        )
    }
}

extension WatchRules {
    /// Whether any rule applies to a path.
    public func includes(_ path: FilePath) -> Bool { rules.contains { $0.applies(to: path) } }

    /// Whether no rule can apply to any path in a directory.
    public func skips(_ directory: FilePath) -> Bool {
        let above = rules.filter { directory.starts(with: $0.path) }
        return !above.isEmpty
            && above.allSatisfy { $0.path != directory && $0.ignoresAll(in: directory) }
    }

    /// The actions for changed `paths`.
    public func batch(for paths: Set<FilePath>) -> WatchBatch {
        var work = Work()
        for path in paths.sorted(by: { $0.string < $1.string }) {
            for rule in rules where rule.applies(to: path) { work.add(path, rule) }
        }
        return work.batch
    }

    /// Whether any rule has `initial_sync`.
    public var hasInitialSync: Bool { rules.contains(where: \.hasInitialSync) }

    /// The copies that rules with `initial_sync` make of `paths`, which exist at the start.
    ///
    /// Compose files and Dockerfiles are left out.
    public func initialBatch(of paths: Set<FilePath>) -> WatchBatch {
        var work = Work()
        for path in paths.sorted(by: { $0.string < $1.string }) {
            for rule in rules
            where rule.hasInitialSync && rule.applies(to: path) && !rule.isDefinition(path) {
                work.addCopy(path, rule)
            }
        }
        return work.batch
    }

    /// A batch under construction.
    private struct Work {
        var batch = WatchBatch()
        /// The index of each copy in the batch, by service and target.
        private var places: [String: [String: Int]] = [:]

        mutating func add(_ path: FilePath, _ rule: Rule) {
            addCopy(path, rule)
            switch rule.action {
            case .rebuild: batch.rebuilds.addOnce(rule.service)
            case .restart, .syncAndRestart: batch.restarts.addOnce(rule.service)
            case .syncAndExec:
                batch.commands.addOnce(.init(service: rule.service, rule: rule.index))
            case .sync: break
            }
        }

        /// Adds a copy, replacing that of an earlier rule with the same target.
        mutating func addCopy(_ path: FilePath, _ rule: Rule) {
            guard let target = rule.target(of: path) else { return }
            let copy = WatchBatch.Copy(source: path.string, target: target)
            if let place = places[rule.service]?[target] {
                batch.copies[rule.service]?[place] = copy
            } else {
                let place = batch.copies[rule.service]?.count ?? 0
                places[rule.service, default: [:]][target] = place
                batch.copies[rule.service, default: []].append(copy)
            }
        }
    }
}

extension WatchRule.Action {
    fileprivate var copies: Bool { [.sync, .syncAndRestart, .syncAndExec].contains(self) }
}

extension Array where Element: Equatable {
    fileprivate mutating func addOnce(_ element: Element) {
        if !contains(element) { append(element) }
    }
}
