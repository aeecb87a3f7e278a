import Testing

extension EndToEnd {
    /// The small stacks in `compose-samples`.
    @Suite struct SampleTests {
        @Test func `a counter keeps counting in Redis`() throws {
            try withSample("counter", publishing: ["web": 8000]) { counter in
                #expect(try counter.get("web") == "Visit number 1\n")
                #expect(try counter.get("web") == "Visit number 2\n")
                try counter.compose("restart", "redis")
                try counter.compose("up", "--detach", "--wait")
                #expect(try counter.get("web") == "Visit number 3\n")
            }
        }

        @Test func `a balancer finds every replica by the service's name`() throws {
            try withSample("replicas", publishing: ["balancer": 80]) { replicas in
                let ids = try replicas.compose("ps", "--quiet", "whoami").split(separator: "\n")
                try #require(ids.count == 3)
                let expected = Set(ids.map { "\($0.prefix(12))\n" })
                // HAProxy resolves the name twice a second and balances by turns from then on.
                var answers: Set<String> = []
                for _ in 1...2000 where answers != expected {
                    answers.insert(try replicas.get("balancer"))
                }
                #expect(answers == expected)
            }
        }

        @Test func `a job completes before its dependent server starts`() throws {
            try withSample("jobs", publishing: ["server": 8000]) { jobs in
                let books = try jobs.get("server")
                #expect(books == "1605 Don Quijote\n1818 Frankenstein\n")
                let containers = try jobs.compose("ps", "--all")
                #expect(containers.contains("Exited (0)"))
            }
        }
    }
}
