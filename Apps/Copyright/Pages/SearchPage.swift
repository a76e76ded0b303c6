import Ledger
import LedgerServer
import MediaHash
import Primitives
import Rights

/// `/search`: a form, and the works that a file is, looks like or takes passages from.
struct SearchPage {
  struct Words {
    let intro: Message =
      "Find out whether a picture, sound, video or text is registered here, or made out of something that is. Nothing of "
      + "what you give is kept."
    let drop: Message = "Drop a file here, or choose one"
    let file: Message = "File"
    let text: Message = "Or paste a text"
    let search: Message = "Search"
    let result: Message = "What you gave"
    let found: Message = "Registered works like it"
    let none: Message = "No registered work is like it."
    let noneText: Message =
      "Nothing registered on this ledger lies within the distance at which works count as alike. A work that is not "
      + "registered here cannot be found."
    let yours: Message = "What you gave"
    let theirs: Message = "The registered work"
    let changed: Message = "What was changed"
    let distance: Message = "Distance"
    let compared: Message = "Compared"
    let owners: Message = "Owners now"
    let registered: Message = "Registered"
    let passages: Message = "Passages in common"
    let noPicture: Message = "no picture"
    let kind: Message = "Kind"
    let size: Message = "Size"
    let digest: Message = "SHA-256"
    let iscc: Message = "ISCC"
  }

  struct Query {
    let kind: Message
    let size: String
    let digest: String
    let iscc: String
    let picture: String
    let hasPicture: Bool
  }

  struct Passage {
    let text: String
    let workText: String
    let hasWorkText: Bool
    let place: Message
    let workPlace: Message
    let agreement: Message
  }

  struct Row {
    let number: Int
    let title: String
    let path: String
    let thumbnail: String
    let hasPicture: Bool
    let kind: Message
    let tone: String
    let state: Message
    let change: Message
    let hasDistance: Bool
    let hasGauge: Bool
    let distance: Message
    let bar: Int
    let limit: Int
    let compared: Message
    let owners: String
    let registered: Message
    let share: Message
    let passages: [Passage]
    let hasPassages: Bool
  }

  /// The longest part of a passage that is shown, in Unicode scalars.
  private static let shown = 600

  let words = Words()
  let script = RightsAssets.script.print
  var fault: Message = ""
  var hasFault = false
  var hasResult = false
  var isNothing = false
  var query: [Query] = []
  var rows: [Row] = []
  var count: Message = ""

  /// The form alone, with what was wrong the last time.
  init(fault: Message? = nil) { (self.fault, hasFault) = (fault ?? "", fault != nil) }

  init(_ file: [UInt8], _ findings: [Finding], _ view: LedgerView, _ rights: RightsServer) throws {
    let hashed = try RightsServer.hashing { () throws(LedgerError) in try Hashing.hasher.seen(file) }
    let picture = Preview.address(file)
    query = [
      Query(
        kind: PageWords.kind(hashed.kind), size: PageWords.size(file.count), digest: Digest.sha256(file).hex,
        iscc: hashed.iscc, picture: picture ?? "", hasPicture: picture != nil)
    ]
    let text = hashed.kind == .text ? String(validating: file, as: UTF8.self) : nil
    rows = try findings.enumerated().map { place, finding in
      try Self.row(finding, place + 1, text, Digest.sha256(file), view, rights)
    }
    (hasResult, isNothing) = (true, rows.isEmpty)
    count = "Found: \(rows.count), the nearest first."
  }

  private static func row(
    _ finding: Finding, _ number: Int, _ text: String?, _ digest: Digest, _ view: LedgerView, _ rights: RightsServer
  ) throws -> Row {
    let record = finding.record
    let isSame = record.file == digest
    let shares = Shares(reading: try view.value(CopyrightContract.shares.key(.sha256(record.work))))
    let (tone, state): (String, Message) =
      if isSame { ("bad", "the same file") } else if finding.match == nil {
        ("warn", "passages in common")
      } else if finding.match?.isSufficient == true { ("bad", "alike") } else { ("quiet", "shows too little to say") }
    let original = text == nil || finding.passages.isEmpty ? nil : rights.kept(record.work, record.file, view)
    let workText = original.flatMap { String(validating: $0, as: UTF8.self) }
    let change: Message
    if let match = finding.match {
      change = PageWords.change(
        match.algorithm, variant: match.variant, probe: match.probe, distance: match.distance, isSameFile: isSame)
    } else {
      change = "Passages were taken out of it."
    }
    return Row(
      number: number, title: record.title, path: RightsServer.path(record.work),
      thumbnail: RightsServer.path(record.work) + "/thumbnail",
      hasPicture: record.kind == .photo || record.kind == .video, kind: PageWords.kind(record.kind), tone: tone,
      state: state, change: change, hasDistance: finding.match != nil,
      hasGauge: finding.match.map { $0.algorithm.parts == nil } ?? false,
      distance: finding.match.map { PageWords.distance($0.algorithm, $0.distance, percent: $0.percent) } ?? "",
      bar: min(64, finding.match?.distance ?? 64), limit: Matching.radius,
      compared: finding.match.map { PageWords.compared($0.algorithm, variant: $0.variant, probe: $0.probe) } ?? "",
      owners: (shares?.list ?? []).prefix(8).map(PageWords.share).joined(separator: ", "),
      registered: "\(Timestamp.text(record.time)) by \(record.registrant), entry \(record.entry)",
      share:
        "\(percent(finding.share.query)) of what you gave and \(percent(finding.share.work)) of the work are the same.",
      passages: finding.passages.map { passage in
        Passage(
          text: clip(text ?? "", passage.from..<passage.to),
          workText: workText.map { clip($0, passage.workFrom..<passage.workTo) } ?? "", hasWorkText: workText != nil,
          place: "characters \(passage.from + 1) to \(passage.to) of what you gave",
          workPlace: "characters \(passage.workFrom + 1) to \(passage.workTo) of the work",
          agreement: "\(percent(passage.agreement)) of the fingerprints in it agree")
      }, hasPassages: !finding.passages.isEmpty)
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  private static func clip(_ text: String, _ range: Range<Int>) -> String {
    let end = min(range.upperBound, range.lowerBound + shown)
    return text.passage(range.lowerBound..<end) + (end < range.upperBound ? "…" : "")
  }
}
