import Ledger
import MediaHash
import Primitives
import Rights

/// A registered work that a file is, looks like, or takes passages from.
struct Finding {
  /// A passage in common, in Unicode scalars of both texts.
  struct Passage: Encodable {
    let from: Int
    let to: Int
    let workFrom: Int
    let workTo: Int
    let agreement: Double
  }

  let record: WorkRecord
  /// What the codes say; nil where only passages are in common.
  let match: Match?
  var passages: [Passage] = []
  /// Shares of the file and the work that the passages are.
  var share: (query: Double, work: Double) = (0, 0)
  /// Of a video or a recording: which of its frames or seconds are where in the file.
  var stretches: [CommonParts.Stretch] = []
}

/// Looks for the registered works that a file has something of; the same for the command line, the routes and the pages.
struct FindingSearch {
  /// Works that a search shows.
  static let worksShown = 50
  /// Passages or stretches of a work that a search shows.
  static let partsShown = 20

  let node: Node
  let projection: Projection
  let passages: PassageShelf

  /// The works that a hashed file is, looks like or takes passages from: what accuses first.
  func find(_ file: [UInt8], _ hashed: HashedFile, in view: LedgerView) throws(LedgerError) -> [Finding] {
    let matches = try projection.matches(hashed, digest: .sha256(file), in: view)
    var findings: [Finding] = []
    for match in matches.prefix(Self.worksShown) {
      let digest = Digest.sha256(match.work)
      guard let record = WorkRecord(reading: try view.value(CopyrightContract.works.key(digest))) else { continue }
      var finding = Finding(record: record, match: match)
      if match.algorithm == .frame || match.algorithm == .sound,
        let registered = CodeRecord(reading: try view.value(CopyrightContract.codes.key(digest)))
      {
        let common = CommonParts(match.algorithm, registered: registered.codes, seen: hashed.codes)
        finding.stretches = Array(common.stretches.prefix(Self.partsShown))
      }
      findings.append(finding)
    }
    guard hashed.kind == .text, let text = String(validating: file, as: UTF8.self) else { return findings }
    let found = try passages.search(text, in: view) { node.kept(about: $0, $1, in: view) }
    for item in found.prefix(Self.worksShown) {
      let passages = item.overlap.passages.prefix(Self.partsShown).map { passage in
        Finding.Passage(
          from: passage.queryRange.lowerBound, to: passage.queryRange.upperBound,
          workFrom: passage.workRange.lowerBound, workTo: passage.workRange.upperBound,
          agreement: (passage.agreement * 1000).rounded() / 1000)
      }
      let share = (query: item.overlap.queryShare, work: item.overlap.workShare)
      if let known = findings.firstIndex(where: { $0.record.work == item.work }) {
        (findings[known].passages, findings[known].share) = (passages, share)
        continue
      }
      guard findings.count < Self.worksShown,
        let record = WorkRecord(reading: try view.value(CopyrightContract.works.key(.sha256(item.work))))
      else { continue }
      findings.append(Finding(record: record, match: nil, passages: passages, share: share))
    }
    return findings
  }
}

/// A finding in JSON.
struct FindingAnswer: Encodable {
  /// Frames or values of a Chromaprint fingerprint that are found one behind the other.
  struct Stretch: Encodable {
    let from: UInt64
    let to: UInt64
    let workFrom: UInt64
    let workTo: UInt64
  }

  let work: String
  let title: String
  let entry: UInt64
  let algorithm: String
  let distance: Int?
  let radius: Int
  let variant: UInt64?
  let probe: UInt64?
  let quality: UInt64?
  let percent: Int?
  let filePercent: Int?
  let sufficient: Bool
  let passages: [Finding.Passage]
  let stretches: [Stretch]

  init(_ finding: Finding) {
    (work, title, entry) = (finding.record.work, finding.record.title, finding.record.entry)
    let match = finding.match
    algorithm = match?.algorithm.name ?? "passages"
    (distance, variant, probe) = (match?.distance, match?.variant, match?.probe)
    (quality, radius) = (match?.quality, Matching.radius)
    let hasPassages = !finding.passages.isEmpty
    percent = hasPassages ? Int((finding.share.work * 100).rounded()) : match?.percent
    filePercent = hasPassages ? Int((finding.share.query * 100).rounded()) : match?.askedPercent
    sufficient = match?.isSufficient ?? false
    passages = finding.passages
    stretches = finding.stretches.map {
      Stretch(
        from: $0.seen.lowerBound, to: $0.seen.upperBound, workFrom: $0.registered.lowerBound,
        workTo: $0.registered.upperBound)
    }
  }

  /// The finding in lines for a terminal.
  var lines: [Message] {
    var lines: [Message] = []
    if let distance, let variant, let probe, let quality, passages.isEmpty, stretches.isEmpty {
      lines.append(
        "\(work): \(algorithm) distance \(distance) (registered variant \(variant), probe \(probe), quality \(quality))"
      )
    } else {
      lines.append(
        "\(work): \(filePercent ?? 0) of 100 parts of this file are of '\(title)', \(percent ?? 0) of 100 parts of that are "
          + "in this file (\(algorithm))")
    }
    for passage in passages {
      lines.append(
        "  characters \(passage.from + 1) to \(passage.to) of this file, \(passage.workFrom + 1) to \(passage.workTo) of the "
          + "work")
    }
    for part in stretches {
      if algorithm == MediaCode.Algorithm.sound.name {
        lines.append(
          "  seconds \(EvidenceReport.seconds(part.from)) to \(EvidenceReport.seconds(part.to + 8)) of this file, "
            + "\(EvidenceReport.seconds(part.workFrom)) to \(EvidenceReport.seconds(part.workTo + 8)) of the work")
      } else {
        lines.append("  frames \(part.from) to \(part.to) of this file, \(part.workFrom) to \(part.workTo) of the work")
      }
    }
    return lines
  }
}
