import COSE
import Foundation
import Primitives
import Testing

/// Timings, printed and not judged; run them with `TALLYSTICK_MEASURE=1 swift test -c release --filter MeasureTests`.
@Suite("Measurements", .enabled(if: ProcessInfo.processInfo.environment["TALLYSTICK_MEASURE"] == "1"), .serialized)
struct MeasureTests {
  @discardableResult private func time(_ name: String, _ rounds: Int, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<7 {
      let start = ContinuousClock.now
      for _ in 0..<rounds { try body() }
      let (seconds, attoseconds) = start.duration(to: .now).components
      best = min(best, (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(rounds))
    }
    print("measured: \(name): \(Int(best)) ns")
    return best
  }

  @Test("what a statement costs beyond its raw signature", arguments: Algorithm.allCases)
  func statements(_ algorithm: Algorithm) throws {
    let key = PrivateKey.generate(algorithm)
    let entry = try Sign1Tests.statement(key, payload: [UInt8](repeating: 0x61, count: 300))
    let message = try Sign1(entry)
    let signed = Sign1.signatureStructure(protected: message.protected, payload: message.payload)
    let raw = time("\(algorithm) verify alone", 2000) {
      #expect(key.publicKey.isValidSignature(message.signature, for: signed))
    }
    let whole = try time("\(algorithm) parse, header, id and verify", 2000) {
      let message = try Sign1(entry)
      let header = try StatementHeader(message)
      #expect(header.names(key.publicKey) && message.verify(with: key.publicKey) != nil)
    }
    print("measured: \(algorithm) overhead: \(Int(whole - raw)) ns")
    var sum = 0
    try time("Sign1 parse", 100_000) { sum += try Sign1(entry).payload.count }
    try time("header parse", 100_000) { sum += try StatementHeader(protected: message.protected).subjectBytes.count }
    time("statement id", 100_000) { sum += Int(message.statementID.prefix64 & 1) }
    try time("\(algorithm) sign", 1000) { sum += try key.sign(signed).count }
    try time("\(algorithm) public key from COSE_Key", 1000) {
      sum += try PublicKey(coseKey: key.publicKey.coseKey).coseKey.count
    }
    #expect(sum > 0)
  }
}
