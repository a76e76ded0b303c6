/// Messages on their way to the connection's thread, in one piece of memory.
struct MQTTOutbox {
  struct Entry {
    /// Where the topic begins; it ends with a NUL before the payload.
    let topic: Int
    let payload: Int
    let end: Int
    let qos: MQTTQoS
    /// Who waits for the acknowledgement; 0 for nobody.
    let token: UInt64
  }

  private(set) var bytes: [UInt8] = []
  private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  mutating func append(_ topic: String, _ payload: UnsafeRawBufferPointer, _ qos: MQTTQoS, token: UInt64) {
    let start = bytes.count
    bytes.append(contentsOf: topic.utf8)
    bytes.append(0)
    let body = bytes.count
    bytes.append(contentsOf: payload)
    entries.append(Entry(topic: start, payload: body, end: bytes.count, qos: qos, token: token))
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }
}

/// What the connection's thread has to tell after a turn.
struct MQTTTally {
  /// Messages that no longer wait, with their bytes.
  var messages = 0
  var bytes = 0
  var acknowledged: UInt64 = 0
  var written: UInt64 = 0
  var lost: UInt64 = 0
  var received: UInt64 = 0
  var reconnects: UInt64 = 0
  /// Acknowledged messages for which somebody waits.
  var tokens: [UInt64] = []
  /// Messages that the library refused and for which somebody waits.
  var failed: [UInt64] = []

  var isEmpty: Bool { messages == 0 && received == 0 && reconnects == 0 && lost == 0 }
}
