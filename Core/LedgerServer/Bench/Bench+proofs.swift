import Foundation
import Ledger
import Primitives

extension Bench {
  /// Proofs a second, their bytes, and the time to verify one.
  mutating func proofs(_ node: Node, count: Int) async throws {
    let policy = try node.head.configuration.policy(origin: node.genesis.origin)
    var generator = SeededGenerator(seed: 1)
    let kinds: [(String, (inout SeededGenerator) -> ProofRequest)] = [
      (
        "inclusion",
        { generator in
          var request = ProofRequest(question: ["bench"])
          request.statements = [UInt64.random(in: 1..<UInt64(count), using: &generator)]
          return request
        }
      ),
      (
        "present",
        { generator in
          var request = ProofRequest(question: ["bench"])
          request.keys = [
            BenchContract.latest.key(.sha256("subject-\(Int.random(in: 0..<max(1, count / 4), using: &generator))"))
          ]
          return request
        }
      ),
      (
        "absence",
        { generator in
          var request = ProofRequest(question: ["bench"])
          request.keys = [BenchContract.latest.key(.sha256("nobody-\(generator.next())"))]
          return request
        }
      ),
      (
        "prefix",
        { generator in
          var request = ProofRequest(question: ["bench"])
          request.prefixes = [
            BenchContract.latest.prefix(.sha256("subject-\(Int.random(in: 0..<max(1, count / 4), using: &generator))"))
          ]
          return request
        }
      ),
    ]
    for (name, make) in kinds {
      var bundles: [ProofBundle] = []
      let number = 2000
      let time = try await Bench.seconds {
        for _ in 0..<number { bundles.append(try node.prove(make(&generator))) }
      }
      report.results.append(.init(name: "proofs-\(name)", value: Double(number) / time, unit: "proofs/s", runs: number))
      let encoded = bundles.map { $0.encoded() }
      let bytes = encoded.reduce(0) { $0 + $1.count } / number
      report.results.append(
        .init(name: "proof-bytes-\(name)", value: Double(bytes), unit: "bytes with checkpoint", runs: number))
      let verifying = try await Bench.seconds {
        for bundle in encoded { _ = try ProofBundle(decoding: bundle).verify(policy: policy) }
      }
      report.results.append(
        .init(name: "verify-\(name)", value: verifying / Double(number) * 1e6, unit: "µs", runs: number))
    }
  }
}
