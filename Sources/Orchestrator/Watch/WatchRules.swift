public import ComposeFile
import Dockerfile
public import SystemPackage

/// What the `develop.watch` rules of a project make of changed paths.
///
/// Source: Compose Develop Specification.
public struct WatchRules: Sendable {
    /// The paths to watch.
    public var roots: Set<FilePath> { Set(rules.map(\.path)) }
    /// What is not watched although a rule names it.
    public private(set) var warnings: [String] = []
    private var rules: [Rule] = []

    /// Reads the rules of `services`; `readText` gives a file's text, and nil where there is none.
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
                // What is mounted there is there already; a copy would change itself for ever.
                target: isMounted || !rule.action.copies ? nil : rule.target,
                copiesFirst: rule.initialSync,
                dockerfile: service.build?.dockerfile,
                included: included,
                ignored: ignored + [try service.filter(ignores, below: path, of: index, "ignore")]
            )
        )
    }
}

extension WatchRules {
    /// Whether any rule cares about a path.
    public func concern(_ path: FilePath) -> Bool { rules.contains { $0.takes(path) } }

    /// Whether nothing in a directory can ever matter.
    public func skip(_ directory: FilePath) -> Bool {
        let above = rules.filter { directory.starts(with: $0.path) }
        return !above.isEmpty
            && above.allSatisfy { $0.path != directory && $0.leavesOut(directory) }
    }

    /// What is to be done after `paths` have changed.
    public func batch(for paths: Set<FilePath>) -> WatchBatch {
        var work = Work()
        for path in paths.sorted(by: { $0.string < $1.string }) {
            for rule in rules where rule.takes(path) { work.add(path, rule) }
        }
        return work.batch
    }

    /// Whether anything is copied before something has changed.
    public var copyFirst: Bool { rules.contains(where: \.copiesFirst) }

    /// What rules with `initial_sync` copy of `paths`, which are there at the start.
    ///
    /// Files that only say how services are built and run stay out.
    public func initialBatch(of paths: Set<FilePath>) -> WatchBatch {
        var work = Work()
        for path in paths.sorted(by: { $0.string < $1.string }) {
            for rule in rules where rule.copiesFirst && rule.takes(path) && !rule.describes(path) {
                work.addCopy(path, rule)
            }
        }
        return work.batch
    }

    /// A batch in the making.
    private struct Work {
        var batch = WatchBatch()
        /// The copies' places in the batch, by service and target.
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

        /// Of two that go to one place the later rule's stays.
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
