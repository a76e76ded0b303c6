internal import Edge
internal import MQTT
internal import Primitives

/// Takes one class of payloads from the inbox to the gateway, in their order.
struct MQTTPump {
  private let intake: EdgeIntake
  private let client: MQTTClient
  private let inbox: MQTTInbox
  private let slice: IntakeClass

  init(_ intake: EdgeIntake, _ client: MQTTClient, _ inbox: MQTTInbox, _ slice: IntakeClass) {
    self.intake = intake
    self.client = client
    self.inbox = inbox
    self.slice = slice
  }

  /// Runs until the inbox is closed and empty, and everything is answered.
  func run() async {
    await withDiscardingTaskGroup { group in
      while let bundle = await inbox.next(slice) {
        // The next bundle is not queued before this one, so that the readings of a device keep their order.
        await withCheckedContinuation { (queued: CheckedContinuation<Void, Never>) in
          group.addTask { await hand(bundle, queued) }
        }
        // What comes within a moment goes into one submission; an alarm waits for nothing.
        if slice != .alarm { try? await Task.sleep(for: .milliseconds(2)) }
      }
    }
  }

  private func hand(_ bundle: MQTTInbox.Bundle, _ queued: CheckedContinuation<Void, Never>) async {
    let prepared = MQTTPrepared(intake, bundle, slice)
    let outcomes: [IntakeOutcome]
    if prepared.batch.isEmpty {
      queued.resume()
      outcomes = []
    } else {
      outcomes = await submit(prepared.batch, queued)
    }
    let counts = IntakeAnswer(gateway: "", outcomes: outcomes).counts
    let hasRoom = inbox.settle(bundle.items.count, bytes: bundle.bytes.count) { figures in
      figures.dropped += UInt64(prepared.refused)
      figures.accepted += UInt64(counts.accepted)
      figures.duplicates += UInt64(counts.duplicates)
      figures.refused += UInt64(counts.refused)
    }
    if hasRoom { client.resume() }
    guard outcomes.count == prepared.batch.count else { return }
    for answer in prepared.answers {
      let bytes: [UInt8]
      switch answer.what {
      case .messages(let range):
        let acknowledgement =
          answer.isBridge ? nil : try? intake.gateway.acknowledgement(prepared.batch, outcomes, range)
        bytes = MQTTAnswer.bytes(answer.payload, outcomes[range], acknowledgement)
      case .refused(let error): bytes = MQTTAnswer.bytes(answer.payload, refusing: error)
      }
      try? await client.publish("edge/\(intake.gateway.name)/answers/\(answer.sender)", bytes, qos: .atLeastOnce)
    }
  }

  /// A gateway that has failed answers nobody: the senders send again to the one that follows it.
  private func submit(_ batch: MessageBatch, _ queued: CheckedContinuation<Void, Never>) async -> [IntakeOutcome] {
    let place = Once(queued)
    defer { place.resume() }
    return (try? await intake.submit(batch, slice) { place.resume() }) ?? []
  }
}
