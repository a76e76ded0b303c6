internal import CBOR
internal import COSE
package import Ledger
package import Primitives
package import TimeStamp

/// An evidence package that has been checked, offline, against a trust policy.
package struct ProvedEvidence: Sendable {
  /// The package.
  package let package: EvidencePackage
  /// What the proof in it shows.
  package let proved: ProvedIncident
  /// The proof as the core checked it: the log's size and root, and who co-signed.
  package let bundle: VerifiedBundle
  /// What it proves, in sentences.
  package let claims: [Message]
}

extension EvidencePackage {
  /// Checks everything in the package against a trust policy; needs nothing else.
  ///
  /// - Parameters:
  ///   - authorities: certificates of time-stamp authorities that the caller trusts, PEM; the package's time stamp must
  ///     then be of one of them.
  ///   - rehash: hashes a file again, where the caller has the means: it gives the codes and the ISCC of the captured file
  ///     by the rules that the sighting names, or nil if these are not its rules.
  /// - Throws: `.notProved` with what does not hold, `.malformed` for what is no package.
  package func verify(
    policy: TrustPolicy, authorities: [UInt8]? = nil,
    rehash: ((_ file: [UInt8], _ rules: String, _ kind: WorkKind) -> EvidenceTools.Rehashed?)? = nil
  ) throws(LedgerError) -> ProvedEvidence {
    guard let proof = self[.proof], let capture = self[.capture], let log = self[.captureLog],
      let report = self[.report],
      self[.instructions] != nil
    else {
      throw LedgerError(.notProved, "The package lacks the proof, the capture, its log, the report or the guide.")
    }
    let bundle = try ProofBundle(decoding: proof.bytes).verify(policy: policy)
    guard let proved = try IncidentQuestion.check(bundle), proved.incident.entry == manifest.incident else {
      throw LedgerError(.notProved, "The proof in the package is not of its incident.")
    }
    guard bundle.origin == manifest.origin else {
      throw LedgerError(.notProved, "The proof in the package is of another ledger.")
    }
    // Whose keys are whose is in the co-signed state, so no key needs to be brought along.
    let bytes = try bundle.proved(Membership.configurations.key(order: bundle.seal.epoch))
    guard let bytes, let configuration = try? Configuration(decoding: bytes[...]),
      let maker = configuration.member(manifest.maker), isSigned(by: maker)
    else {
      throw LedgerError(.notProved, "The package is not signed by \(manifest.maker), who is said to have made it.")
    }
    guard Digest.sha256(capture.bytes) == proved.sighting.file else {
      throw LedgerError(.notProved, "The captured file is not the one that was stated on the ledger.")
    }
    guard Digest.sha256(log.bytes) == proved.sighting.captureLog else {
      throw LedgerError(.notProved, "The log of the capture is not the one that was stated on the ledger.")
    }
    if let work = self[.work], Digest.sha256(work.bytes) != proved.registration.file {
      throw LedgerError(.notProved, "The registered file in the package is not the one that was registered.")
    }
    let facts = EvidenceReport(proved, bundle, manifest)
    let isComparable = manifest.reports == EvidenceReport.version
    guard !isComparable || report.bytes == facts.bytes(in: .english) else {
      throw LedgerError(.notProved, "The report does not say what the proof shows.")
    }
    if isComparable, let chinese = self[.reportChinese], chinese.bytes != facts.bytes(in: .rights) {
      throw LedgerError(.notProved, "The Chinese report does not say what the proof shows.")
    }
    if isComparable, let page = self[.reportPage] {
      let written = facts.page(
        capture: self[.captureThumbnail]?.bytes, work: self[.workThumbnail]?.bytes, chinese: self[.reportChinese] != nil
      )
      guard page.bytes == written else {
        throw LedgerError(.notProved, "The report does not say what the proof shows.")
      }
    }
    var claims = proved.claims
    claims.append("The captured file and the log of its capture are those that were stated on the ledger.")
    if let rehash, let again = rehash(capture.bytes, proved.sighting.hashRules, proved.work.kind) {
      guard again.codes == proved.sighting.codes else {
        throw LedgerError(.notProved, "The captured file does not look as was stated on the ledger.")
      }
      guard capture.iscc == nil || capture.iscc == again.iscc else {
        throw LedgerError(.notProved, "The ISCC that the package names is not the captured file's.")
      }
      claims.append("The codes of the captured file were computed again, and are those that were stated.")
    }
    claims.append(
      "\(manifest.maker) made the package with \(manifest.tool) at \(Timestamp.text(manifest.time)) and signed all of it."
    )
    if !isComparable {
      claims.append("The reports were written by another version of the program; their texts were not compared.")
    }
    if let token = self[.timestamp] {
      let stamp = try EvidencePackage.stamp(token.bytes, over: proof.bytes)
      if let authorities {
        try EvidencePackage.believe(stamp, over: proof.bytes, authorities)
        claims.append(
          "The proof existed at \(Timestamp.text(stamp.time)): a time-stamp authority that you trust signed that "
            + "(RFC 3161).")
      } else {
        claims.append(
          "An RFC 3161 time stamp over the proof says \(Timestamp.text(stamp.time)); who signed it was not checked. Give "
            + "the authority's certificate with --authorities, or check it with: openssl ts -verify.")
      }
    } else if authorities != nil {
      throw LedgerError(.notProved, "The package has no time stamp that the authorities could have signed.")
    }
    return ProvedEvidence(package: self, proved: proved, bundle: bundle, claims: claims)
  }

  /// Reads a time stamp, and refuses one that is not over the SHA-256 of the proof.
  package static func stamp(_ token: [UInt8], over proof: [UInt8]) throws(LedgerError) -> TimeStampToken {
    guard let stamp = try? TimeStampToken(decoding: token) else {
      throw LedgerError(.notProved, "The time stamp in the package is no RFC 3161 token.")
    }
    guard stamp.imprint == .sha256(proof) else {
      throw LedgerError(.notProved, "The time-stamp token is not over the proof in the package.")
    }
    return stamp
  }

  private static func believe(
    _ stamp: TimeStampToken, over proof: [UInt8], _ authorities: [UInt8]
  ) throws(LedgerError) {
    do { try stamp.check(over: proof, authorities: authorities) } catch .noAuthorities {
      throw LedgerError(.malformed, "There is no certificate in the file of authorities. It must be PEM.")
    } catch {
      throw LedgerError(
        .notProved, "The time stamp's signature or certificate does not hold, or it is of another authority.")
    }
  }
}
