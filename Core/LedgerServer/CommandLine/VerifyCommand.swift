public import ArgumentParser
public import Ledger
import COSE
public import Primitives

/// `verify`: checks a proof offline and says in words what it proves.
public struct VerifyCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "verify", abstract: "Checks a proof offline, and says in words what is proved and by whom.")
  }

  @Argument(help: "The proof.") var file: String
  @Option(help: "The trust policy: whom you believe.") var policy: String
  @Option(help: "How old the co-signatures may be, for example 90s, 15m, 24h or 30d.") var maxAge: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  /// For the parser.
  public init() {}

  /// Verifies; exit code 1 when it does not hold.
  public func run() async throws {
    try await Console.run {
      let age = try maxAge.map { try Duration(text: $0).milliseconds }
      let policy = try VerifyCommand.policy(at: policy)
      let bytes = try Console.read(file, limit: Limits.bundleBytes)
      do {
        if LogExcerpt.begins(bytes) { return try self.excerpt(bytes, policy, maxAgeMs: age) }
        let bundle = try ProofBundle(decoding: bytes).verify(
          policy: policy, now: age == nil ? nil : SystemClock().now(), maxAgeMs: age)
        let claims = try BundleClaims.text(bundle, app: App.claims(bundle))
        if json {
          try Console.answer(
            json: Answer(
              verified: true, claims: claims, size: bundle.size, root: Base64.encode(bundle.root.bytes),
              signers: bundle.signers.map(\.name), fault: nil))
        } else {
          Console.answer("VERIFIED")
          for claim in claims { Console.answer("- " + claim) }
        }
      } catch let error as LedgerError {
        guard json else { throw LedgerError(.notProved, error.message) }
        try Console.answer(
          json: Answer(verified: false, claims: [], size: 0, root: "", signers: [], fault: error.message))
        throw ExitCode(1)
      }
    }
  }

  /// The same for a log excerpt.
  private func excerpt(_ bytes: [UInt8], _ policy: TrustPolicy, maxAgeMs: UInt64?) throws {
    let excerpt = try LogExcerpt(decoding: bytes)
    let finding = try excerpt.verify(policy: policy)
    if let maxAgeMs {
      let times = finding.signers.map(\.time).sorted(by: >)
      let time = times.count >= max(1, finding.needed) ? times[max(1, finding.needed) - 1] &* 1000 : 0
      guard time &+ maxAgeMs >= SystemClock().now() else {
        throw LedgerError(
          .notProved, "It is as of \(Timestamp.text(time)), older than the age that you allow; ask for a newer one.")
      }
    }
    let claims = try BundleClaims.text(excerpt, finding, app: App.claims(excerpt, finding))
    guard json else {
      Console.answer("VERIFIED")
      for claim in claims { Console.answer("- " + claim) }
      return
    }
    let root = (try? Checkpoint(excerpt.note))?.root ?? Digest()
    try Console.answer(
      json: Answer(
        verified: true, claims: claims, size: finding.size, root: Base64.encode(root.bytes),
        signers: finding.signers.map(\.name), fault: nil))
  }

  struct Answer: Encodable {
    let verified: Bool
    let claims: [Message]
    let size: UInt64
    let root: String
    let signers: [String]
    let fault: Message?
  }

  /// Reads a trust policy file.
  public static func policy(at path: String) throws(LedgerError) -> TrustPolicy {
    do { return try TrustPolicy(parsing: try Console.read(path, limit: TrustPolicy.maximumBytes)) } catch let error
      as LedgerError
    {
      throw error
    } catch { throw LedgerError(.malformed, "The trust policy \(path) cannot be read: \(error)") }
  }
}

/// What a verified bundle proves, in sentences.
public enum BundleClaims {
  /// What a verified log excerpt proves.
  public static func text(_ excerpt: LogExcerpt, _ finding: LogExcerpt.Finding, app: [Message]?) -> [Message] {
    let signers = finding.signers.map { "\($0.name) at \(Timestamp.text($0.time &* 1000))" as Message }
    let header = finding.statement.header
    return [
      "\(finding.signers.count) members executed and co-signed the log \(finding.origin) of \(finding.size) entries "
        + "(\(finding.needed) needed): \(signers.joined(separator: ", ")).",
      "Entry \(excerpt.index) is in the log: statement \(finding.statement.id) by '\(header.issuer)' about '\(header.subject)'.",
      "Its key was known when it was taken and its signature good; whether the rules accepted it is not shown here.",
    ] + (app ?? [])
  }

  /// The core's claims, then the application's.
  public static func text(_ bundle: VerifiedBundle, app: [Message]?) -> [Message] {
    let signers = bundle.signers.map { "\($0.name) at \(Timestamp.text($0.time &* 1000))" as Message }
    var claims: [Message] = [
      "The log \(bundle.origin) of \(bundle.size) entries has the root \(Base64.encode(bundle.root.bytes)).",
      "\(bundle.signers.count) members executed and co-signed it (\(bundle.needed) needed): \(signers.joined(separator: ", ")).",
      "It ends on block \(bundle.seal.height) of \(Timestamp.text(bundle.seal.time)), under contract version "
        + "\(bundle.seal.contractVersion) and configuration \(bundle.seal.epoch); the answer is the state as of then.",
    ]
    if let app { return claims + app }
    for (index, entry) in bundle.statements {
      guard let content = try? StatementContent(entry) else {
        claims.append("Entry \(index) is in the log.")
        continue
      }
      claims.append(
        "Entry \(index) is in the log: statement \(content.id) by '\(content.header.issuer)' about '\(content.header.subject)'."
      )
    }
    for (key, value) in bundle.present {
      let shown: Message =
        value.map { "\($0.count) bytes, \(Hex.encode($0.prefix(64)))" } ?? "a value that is withheld"
      claims.append("The state has \(Hex.encode(key.bytes)): \(shown).")
    }
    for key in bundle.absent { claims.append("The state does not have \(Hex.encode(key.bytes)).") }
    for (prefix, pairs) in bundle.lists {
      claims.append(
        "Under \(Hex.encode(prefix.bytes)) the state has exactly the \(pairs.count) values shown, and no others.")
    }
    for (index, bytes) in bundle.documents {
      claims.append("The document of \(bytes.count) bytes is the one whose salted hash is entry \(index).")
    }
    return claims
  }
}

/// A length of time as people write it.
struct Duration {
  let milliseconds: UInt64

  /// Reads a whole number with s, m, h or d.
  init(text: String) throws {
    let units: [Character: UInt64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let unit = text.last.flatMap({ units[$0] }), let number = UInt64(text.dropLast()), number <= 36_500 * 86_400
    else {
      throw ValidationError("'\(text)' is no length of time; write 90s, 15m, 24h or 30d.")
    }
    milliseconds = number * unit
  }
}
