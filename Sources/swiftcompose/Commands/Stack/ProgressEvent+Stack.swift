import Orchestrator
import Swarm

extension ProgressEvent {
    /// Returns progress of stacks that is shown by `sink`.
    static func stack(_ sink: @escaping ProgressSink) -> StackProgress {
        { object, word, stage, detail in
            let stage: Stage =
                switch stage {
                case .working: .working
                case .done: .done
                case .warning: .warning
                }
            sink(ProgressEvent(object, word, stage, detail: detail))
        }
    }
}
