import FiveG
import Ledger
import LedgerServer
import Primitives
import ReadingStream

/// Readings to a server, many in one request and several requests at a time.
struct HTTPSink: StreamSink {
  private let encoder: ReadingEncoder
  private let poster: ReadingPoster
  private let parallel: Int
  private var requests: [Task<Int, any Error>] = []
  private var posted = 0
  private var retries = 0

  let most: Int

  /// Tries of one request while the server is busy, and while nobody answers.
  static let busyTries = 120
  static let silentTries = 2

  init(_ encoder: ReadingEncoder, _ poster: ReadingPoster, batch: Int, parallel: Int) {
    self.encoder = encoder
    self.poster = poster
    self.parallel = max(1, parallel)
    most = min(max(1, batch), ReadingEncoder.packReadings)
  }

  mutating func send(_ batch: PacketBatch, _ rows: Range<Int>) async throws {
    while requests.count >= parallel { try await settle() }
    var bytes: [UInt8] = []
    encoder.append(batch, rows, to: &bytes)
    let (poster, mediaType, body) = (poster, encoder.format.mediaType, bytes)
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
    return "\(posted) readings posted to \(poster.url), \(retries) requests repeated"
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
