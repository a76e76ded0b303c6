internal import COSE
package import Ledger
package import Primitives

/// The report for people: what happened, in the order in which China's courts weigh it.
///
/// Everything in it follows from the proof and the manifest, so that a verifier writes it again and compares. The
/// factors are those of the Supreme People's Court's Rules of Online Litigation (2021), articles 16 to 18, and of its
/// provisions on Internet Courts (2018), article 11.
package struct EvidenceReport: Sendable {
  /// Counts up whenever a sentence of the report changes, in any language; texts of the same version are compared.
  package static let version: UInt64 = 3

  /// The sentences; an empty one parts the sections.
  package let lines: [Message]

  /// The report on an incident.
  package init(_ proved: ProvedIncident, _ bundle: VerifiedBundle, _ manifest: EvidencePackage.Manifest) {
    let signers = bundle.signers.map { $0.name }.joined(separator: ", ")
    var lines: [Message] = ["EVIDENCE REPORT", "Incident \(manifest.incident) of the ledger \(manifest.origin)", ""]
    lines += proved.claims
    lines += ["", "1. The right (provisions on Internet Courts, article 11)"]
    lines.append(
      "ISCC \(proved.registration.iscc); SHA-256 \(proved.registration.file.hex); hash rules "
        + "\(proved.registration.hashRules).")
    if let number = proved.work.outsideNumber { lines.append("Its registration elsewhere, as given: \(number).") }
    for (entry, event) in proved.history.titles {
      let owners = event.shares.list.map { "\($0.party) \(RightsText.percent($0.ppm))" }.joined(separator: ", ")
      lines.append("\(Timestamp.text(event.time)): \(Message(event.kind.name)) (entry \(entry)): \(owners).")
    }
    for (entry, licence) in proved.history.licences { lines.append(RightsText.licence(entry, licence)) }
    lines += ["", "2. The likeness"]
    if let (registered, seen) = proved.compared {
      lines.append("Algorithm \(registered.algorithm.name), hash rules \(proved.sighting.hashRules).")
      lines.append("Registered, variant \(registered.variant): \(registered.bits.hex)")
      lines.append("Seen, probe \(seen.variant):           \(seen.bits.hex)")
      lines.append(
        "Distance \(registered.distance(to: seen)) of 256 bits, threshold \(Matching.radius); quality \(seen.quality), at "
          + "least \(Matching.quality) accuses.")
    }
    lines += Self.likeness(proved)
    lines += ["", "3. Untampered since deposit (Rules of Online Litigation, article 16)"]
    lines.append(
      "The statement of the use is entry \(manifest.incident) of a log of \(bundle.size) entries with the root "
        + "\(bundle.root.hex).")
    lines.append("Co-signed by \(signers): \(bundle.signers.count) members, of whom \(bundle.needed) are needed.")
    lines.append("Any bit of the capture, its log, the statements or the rights that is changed is found by verify.")
    lines += ["", "4. The platform (article 17, items 1 and 2)"]
    lines.append(
      "The log is kept by independent members who each execute every statement; \(proved.witness) stated the use. Which of "
        + "them has an interest in the case is for the court to look at: the co-signers are named above.")
    lines += ["", "5. System and technique (article 17, items 3 and 4)"]
    lines.append(
      "RFC 9162 Merkle log, C2SP co-signed checkpoints, COSE signatures (RFC 9052), SHA-256; format and program: "
        + "\(manifest.tool).")
    lines += ["", "6. Before the deposit (article 18)"]
    lines.append(
      "Source: \(proved.incident.place), user \(proved.incident.user), country \(proved.sighting.country). Generation and "
        + "capture are in capture.log, whose SHA-256 \(proved.sighting.captureLog.hex) was stated on the ledger with the "
        + "file.")
    lines.append(
      "The ledger proves when this was stated and that it is unchanged; it cannot prove that it was true before.")
    lines += ["", "Made by \(manifest.maker) at \(Timestamp.text(manifest.time))."]
    self.lines = lines
  }

  /// Stretches that a report lists.
  private static let stretches = 20

  /// What there is to say of likeness beside two codes: of the very file its digests, of parts which are found where.
  private static func likeness(_ proved: ProvedIncident) -> [Message] {
    let (registration, sighting) = (proved.registration, proved.sighting)
    guard proved.incident.basis == .alike else {
      let isFile = registration.file == sighting.file
      return [
        "Algorithm: the digests of both files are the same, bit for bit; no code is needed.",
        "Their \(isFile ? "SHA-256" : "BLAKE3") is \(isFile ? sighting.file.hex : sighting.instance.hex).",
      ]
    }
    let algorithm = proved.incident.algorithm
    guard let needed = algorithm.parts else { return [] }
    var lines: [Message] = []
    if algorithm == .frame {
      lines.append("Algorithm \(algorithm.name), hash rules \(sighting.hashRules).")
      lines.append(
        "Each frame within \(Matching.radius) of 256 bits counts; \(needed.percent) of 100 frames of the work suffice.")
    }
    lines.append(
      "\(proved.percent) of 100 parts of the work are in the file, and \(proved.askedPercent) of 100 parts of the file are "
        + "in the work.")
    let common = CommonParts(algorithm, registered: registration.codes, seen: sighting.codes)
    lines += common.stretches.prefix(stretches).map { stretch in
      let (work, file) = (stretch.registered, stretch.seen)
      return switch algorithm {
      case .sound:
        "Work, second \(seconds(work.lowerBound)) to \(seconds(work.upperBound + 8)): file, second "
          + "\(seconds(file.lowerBound)) to \(seconds(file.upperBound + 8)) (largest distance \(stretch.distance))."
      case .frame:
        "Work, frame \(work.lowerBound) to \(work.upperBound): file, frame \(file.lowerBound) to \(file.upperBound) "
          + "(largest distance \(stretch.distance))."
      default:
        "Work, passages that begin at characters \(work.lowerBound) to \(work.upperBound): file, characters "
          + "\(file.lowerBound) to \(file.upperBound) (\(stretch.count) fingerprints)."
      }
    }
    if common.stretches.count > stretches {
      lines.append("And \(common.stretches.count - stretches) more stretches.")
    }
    return lines
  }

  /// A place in a Chromaprint fingerprint in whole seconds: 1365 samples of 11,025 a second each.
  package static func seconds(_ place: UInt64) -> UInt64 { place * 1365 / 11_025 }

  /// The report as text in a language.
  package func text(in catalogue: Catalogue) -> String {
    lines.map { $0.text(in: catalogue) }.joined(separator: "\n") + "\n"
  }

  /// The bytes of the text in a language.
  package func bytes(in catalogue: Catalogue) -> [UInt8] { Array(text(in: catalogue).utf8) }

  /// How anyone checks a package.
  package static let instructions = """
    HOW TO CHECK THIS PACKAGE

    1. Get the trust policy of the ledger from a member that you trust: it names the members and their keys.
    2. Run, without any network:  copyright verify PACKAGE --policy POLICY
    3. It says VERIFIED and what is proved, or names what does not hold.

    What is checked: every part has the SHA-256 that the signed manifest names; the maker's signature; the inclusion of
    each statement in the co-signed log; the chain of title and all licences as complete lists of the co-signed state; that
    the verdict follows from them at the time of use; that the codes are as near as is said; that the captured file and its
    log are those that were stated; that the reports (text, and report.html with both pictures side by side) say what the
    proof shows.

    The package is deterministic CBOR (RFC 8949): ["tallystick-evidence/1", COSE_Sign1 over the manifest, [parts]].
    A part proof.tsr, if there, is an RFC 3161 response with a token over proof.cbor, or the token alone:
    openssl ts -verify -data proof.cbor -in proof.tsr -CAfile TSA.pem   (for a token alone, add -token_in)

    """
}
