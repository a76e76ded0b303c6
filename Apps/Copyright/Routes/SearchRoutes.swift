import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
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
}

extension RightsServer {
  /// Works that a search shows.
  static let findingsShown = 50
  /// Passages of a work that a search shows.
  static let passagesShown = 20

  private struct FindingAnswer: Encodable {
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
    let sufficient: Bool
    let passages: [Finding.Passage]

    init(_ finding: Finding) {
      (work, title, entry) = (finding.record.work, finding.record.title, finding.record.entry)
      let match = finding.match
      algorithm = match?.algorithm.name ?? "passages"
      (distance, variant, probe) = (match?.distance, match?.variant, match?.probe)
      (quality, percent, radius) = (match?.quality, match?.percent, Matching.radius)
      sufficient = match?.isSufficient ?? false
      passages = finding.passages
    }
  }

  func addSearch(to router: Router<LedgerRequestContext>) {
    router.post("match") { request, context in
      let view = try head(context)
      return try Reply.json(try find(try await Self.file(request), view).map(FindingAnswer.init))
    }
    router.get("search") { request, context in
      _ = try head(context)
      return server.page(Page("Search", template: "search", content: SearchPage()), to: request)
    }
    router.post("search") { request, context in
      let view = try head(context)
      let form = try await FormBody(request, upTo: Limits.documentBytes + 64 << 10)
      var response: Response
      do {
        guard let file = form.bytes("file") ?? form.bytes("text") else {
          throw Problem(.badRequest, code: "malformed", "Choose a file or paste a text first.")
        }
        let content = try SearchPage(file, try find(file, view), view, self)
        return server.page(Page("Search", template: "search", content: content), to: request)
      } catch let problem as Problem {
        // People get the page again with what was wrong.
        response = server.page(
          Page("Search", template: "search", content: SearchPage(fault: problem.detail)), to: request)
        response.status = problem.status
        return response
      }
    }
  }

  /// The works that a file is, looks like or takes passages from: what accuses first.
  func find(_ file: [UInt8], _ view: LedgerView) throws -> [Finding] {
    let hashed = try Self.hashing { () throws(LedgerError) in try Hashing.hasher.seen(file) }
    let matches = try projection.matches(hashed, digest: .sha256(file), in: view)
    var findings: [Finding] = []
    for match in matches.prefix(Self.findingsShown) {
      guard let record = WorkRecord(reading: try view.value(CopyrightContract.works.key(.sha256(match.work)))) else {
        continue
      }
      findings.append(Finding(record: record, match: match))
    }
    guard hashed.kind == .text, let text = String(validating: file, as: UTF8.self) else { return findings }
    let found = try passages.search(text, in: view) { kept($0, $1, view) }
    for item in found.prefix(Self.findingsShown) {
      let passages = item.overlap.passages.prefix(Self.passagesShown).map { passage in
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
      guard findings.count < Self.findingsShown,
        let record = WorkRecord(reading: try view.value(CopyrightContract.works.key(.sha256(item.work))))
      else { continue }
      findings.append(Finding(record: record, match: nil, passages: passages, share: share))
    }
    return findings
  }
}
