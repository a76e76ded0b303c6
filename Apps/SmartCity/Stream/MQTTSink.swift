import Edge
import EdgeFeed
import EdgeIntake
import FiveG
import Ledger
import MQTT
import Primitives
import ReadingStream

/// Readings to an MQTT broker, each a message of its own.
struct MQTTSink: StreamSink {
  private let encoder: ReadingEncoder
  private let client: MQTTClient
  private let address: MQTTAddress
  private let qos: MQTTQoS
  /// By class, the topic before and after the place of the device; one part if it has none.
  private let topics: [[String]]
  private var bytes: [UInt8] = []
  private let watch: Task<Void, Never>

  var most: Int { 1024 }

  /// - Parameter topic: `{device}` in it stands for each reading's device, `{class}` for the class of its slice.
  init(_ encoder: ReadingEncoder, address: MQTTAddress, topic: String, qos: MQTTQoS) async throws {
    self.encoder = encoder
    self.address = address
    self.qos = qos
    topics = IntakeClass.allCases.map { slice in
      topic.replacing("{class}", with: slice.name)
        .split(separator: "{device}", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
    client = try await MQTTClient.connect(MQTTConfiguration(address: address))
    // A broker that stays away must not keep the program from being stopped.
    watch = Task { [client] in
      while !StopSignal.isSet {
        guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return }
      }
      await client.close(within: .seconds(2))
    }
    bytes.reserveCapacity(4096)
  }

  mutating func send(_ batch: PacketBatch, _ rows: Range<Int>) async throws {
    for row in rows {
      bytes.removeAll(keepingCapacity: true)
      encoder.append(batch, row..<row + 1, to: &bytes)
      let parts = topics[IntakeClass(batch.kinds[row], fiveQI: batch.fiveQIs[row]).rawValue]
      let topic =
        parts.count == 1 ? parts[0] : parts[0] + ReadingEncoder.device(Int(batch.devices[row])) + parts[1]
      do {
        while try !bytes.withUnsafeBytes({ try client.tryPublish(topic, $0, qos: qos) }) { await client.room() }
      } catch let error as MQTTError where error.kind == .closed && StopSignal.isSet {
        throw StreamIsOver()
      }
    }
  }

  mutating func finish() async throws -> Message {
    await client.close(within: StopSignal.isSet ? .seconds(2) : .seconds(30))
    watch.cancel()
    let done = client.statistics
    switch qos {
    case .atMostOnce:
      return "\(done.written) messages written to \(address.text), \(done.lost) lost with a connection"
    case .atLeastOnce:
      return
        "\(done.acknowledged) messages acknowledged by \(address.text), \(done.published - done.acknowledged) not"
    }
  }
}
