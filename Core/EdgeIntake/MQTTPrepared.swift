internal import Edge
internal import Primitives
internal import Synchronization

/// A bundle of payloads as one batch for the gateway, and who is to hear what about it.
struct MQTTPrepared {
  struct Answer {
    enum What {
      /// The outcomes of these messages of the batch.
      case messages(Range<Int>)
      /// Nothing of the payload was taken.
      case refused(IntakeError)
    }

    let sender: String
    /// The first eight bytes of the payload's SHA-256.
    let payload: UInt64
    let what: What
    /// Whether the gateway made the readings itself.
    var isBridge = false
  }

  private(set) var batch = MessageBatch()
  private(set) var answers: [Answer] = []
  /// Payloads that are not in the batch.
  private(set) var refused = 0

  init(_ intake: EdgeIntake, _ bundle: MQTTInbox.Bundle, _ slice: IntakeClass) {
    let arrival = Int64(clamping: intake.clock.now()) * 1000
    if bundle.items.contains(where: \.isSenML) {
      take(intake, bundle, slice, arrival)
    } else {
      takeWhole(bundle, slice, arrival)
    }
  }

  /// COSE only: the payloads stand one after another as the gateway takes them, so nothing is copied.
  private mutating func takeWhole(_ bundle: MQTTInbox.Bundle, _ slice: IntakeClass, _ arrival: Int64) {
    var ends: [Int] = []
    ends.reserveCapacity(bundle.items.count)
    var start = 0
    for item in bundle.items {
      let before = ends.count
      // A refused payload stays in the bytes as one message that is no reading: the gateway keeps a record of it.
      if let error = refusal(start..<item.end, slice) {
        refuse(bundle, item, start, error)
        ends.append(item.end)
      } else if !bundle.bytes.withUnsafeBytes({ COSESequence.append($0, start..<item.end, to: &ends) }) {
        refuse(bundle, item, start, Self.tooMany)
        ends.append(item.end)
      } else if !item.sender.isEmpty {
        answers.append(
          Answer(sender: item.sender, payload: mark(bundle, start..<item.end), what: .messages(before..<ends.count)))
      }
      start = item.end
    }
    batch = MessageBatch(bundle.bytes, ends: ends, arrival: arrival)
  }

  private mutating func take(
    _ intake: EdgeIntake, _ bundle: MQTTInbox.Bundle, _ slice: IntakeClass, _ arrival: Int64
  ) {
    var start = 0
    for item in bundle.items {
      let before = batch.count
      let range = start..<item.end
      start = item.end
      do throws(IntakeError) {
        if let error = refusal(range, slice) { throw error }
        if item.isSenML {
          guard let bridge = intake.bridges[item.sender], let media = IntakeMedia(sniffing: bundle.bytes[safe: range])
          else { throw IntakeError(.noBridge, "Plain SenML is taken from a bridge of this gateway only.") }
          try bridge.append(try EdgeIntake.pack(Array(bundle.bytes[range]), media), arrival: arrival, to: &batch)
        } else {
          var ends: [Int] = []
          let isWhole = bundle.bytes.withUnsafeBytes { COSESequence.append($0, range, to: &ends) }
          guard isWhole else { throw Self.tooMany }
          var from = range.lowerBound
          bundle.bytes.withUnsafeBytes { bytes in
            for end in ends {
              batch.append(UnsafeRawBufferPointer(rebasing: bytes[from..<end]), arrival: arrival)
              from = end
            }
          }
        }
        if !item.sender.isEmpty {
          answers.append(
            Answer(
              sender: item.sender, payload: mark(bundle, range), what: .messages(before..<batch.count),
              isBridge: item.isSenML))
        }
      } catch {
        refuse(bundle, item, range.lowerBound, error)
      }
    }
  }

  private static let tooMany = IntakeError(.limit, "A sequence has at most \(COSESequence.messages) messages.")

  private func refusal(_ range: Range<Int>, _ slice: IntakeClass) -> IntakeError? {
    let limit = slice == .alarm ? EdgeIntake.alarmBytes : IntakeMedia.cose.bodyBytes
    if range.count > limit {
      return IntakeError(.limit, "The body has \(range.count) bytes, \(limit) are taken.")
    }
    return range.isEmpty ? IntakeError(.malformed, "The payload is empty.") : nil
  }

  private mutating func refuse(_ bundle: MQTTInbox.Bundle, _ item: MQTTInbox.Item, _ start: Int, _ error: IntakeError) {
    refused += 1
    guard !item.sender.isEmpty else { return }
    answers.append(
      Answer(sender: item.sender, payload: mark(bundle, start..<item.end), what: .refused(error)))
  }

  private func mark(_ bundle: MQTTInbox.Bundle, _ range: Range<Int>) -> UInt64 {
    bundle.bytes.withUnsafeBytes { Digest.sha256(UnsafeRawBufferPointer(rebasing: $0[range])).prefix64 }
  }
}

extension [UInt8] {
  fileprivate subscript(safe range: Range<Int>) -> UInt8? { range.isEmpty ? nil : self[range.lowerBound] }
}

/// A continuation that is resumed once, whoever comes first.
final class Once: Sendable {
  private let waiter: Mutex<CheckedContinuation<Void, Never>?>

  init(_ waiter: CheckedContinuation<Void, Never>) { self.waiter = Mutex(waiter) }

  func resume() { waiter.withLock { $0.take() }?.resume() }
}
