import Edge
import EdgeFeed
import EdgeIntake
import FiveG
import Ledger
import LedgerServer
import Primitives
import ReadingStream

/// Readings to a server, many in one request and several requests at a time.
struct HTTPSink: StreamSink {
  private let encoder: ReadingEncoder
  private let url: String
  /// One for each class where the address names it, else the one under `ordinary`.
  private let posters: [IntakeClass: ReadingPoster]
  private let isByClass: Bool
  private let parallel: Int
  private var requests: [Task<Int, any Error>] = []
  private var posted = 0
  private var retries = 0

  let most: Int

  /// Tries of one request while the server is busy, and while nobody answers.
  static let busyTries = 120
  static let silentTries = 2

  /// - Parameter url: `{class}` in it stands for the class of the readings in a request, which then share it.
  init(_ encoder: ReadingEncoder, url: String, token: String?, batch: Int, parallel: Int) throws(LedgerError) {
    self.encoder = encoder
    self.url = url
    isByClass = url.contains("{class}")
    var posters: [IntakeClass: ReadingPoster] = [:]
    for slice in isByClass ? IntakeClass.allCases : [.ordinary] {
      posters[slice] = try ReadingPoster(
        url: url.replacing("{class}", with: slice.name), token: token, seconds: 10)
    }
    self.posters = posters
    self.parallel = max(1, parallel)
    most = min(max(1, batch), ReadingEncoder.packReadings)
  }

  mutating func send(_ batch: PacketBatch, _ rows: Range<Int>) async throws {
    guard isByClass else { return try await send(batch, Array(rows), .ordinary) }
    let byClass = Dictionary(grouping: rows) { IntakeClass(batch.kinds[$0], fiveQI: batch.fiveQIs[$0]) }
    for (slice, rows) in byClass.sorted(by: { $0.key < $1.key }) { try await send(batch, rows, slice) }
  }

  private mutating func send(_ batch: PacketBatch, _ rows: [Int], _ slice: IntakeClass) async throws {
    guard let poster = posters[slice] else { preconditionFailure("each class has its poster") }
    while requests.count >= parallel { try await settle() }
    var bytes: [UInt8] = []
    encoder.append(batch, rows, to: &bytes)
    let (mediaType, body) = (encoder.format.mediaType, bytes)
    requests.append(Task { try await Self.post(body, mediaType, poster) })
    posted += rows.count
  }

  private mutating func settle() async throws {
    do { retries += try await requests.removeFirst().value } catch {
      for request in requests { request.cancel() }
      throw error
    }
  }

  mutating func finish() async throws -> Message {
    while !requests.isEmpty { try await settle() }
    return "\(posted) readings posted to \(url), \(retries) requests repeated"
  }

  /// Posts until the server takes it; gives how often it had to be repeated.
  static func post(_ body: [UInt8], _ mediaType: String, _ poster: ReadingPoster) async throws -> Int {
    var (busy, silent) = (0, 0)
    while true {
      let pause: Duration
      do {
        let answer = try await poster.post(body, mediaType: mediaType)
        switch answer.status {
        case 200...299: return busy + silent
        case 429, 503:
          busy += 1
          guard busy < busyTries else {
            throw LedgerError(.busy, "The server at \(poster.url) has been busy for \(busy) tries.")
          }
          pause = .seconds(min(60, max(1, answer.retryAfter ?? 1)))
        default:
          throw LedgerError(
            .refused,
            "The server at \(poster.url) refuses the readings (\(answer.status)): \(Message(said: answer.text))")
        }
      } catch let error as LedgerError where error.kind == .unavailable {
        silent += 1
        guard silent < silentTries, !StopSignal.isSet else { throw error }
        pause = .milliseconds(250 << silent)
      }
      guard try await StopSignal.sleep(until: .now + pause) else { throw StreamIsOver() }
    }
  }
}
