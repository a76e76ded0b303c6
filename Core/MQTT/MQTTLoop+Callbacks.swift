internal import CMosquitto
internal import Glibc
internal import Synchronization

/// The library's one-time start.
enum MQTTLibrary {
  private static let started: Bool = mosquitto_lib_init() == MOSQ_ERR_SUCCESS.rawValue

  static func start() { _ = started }
}

extension MQTTLoop {
  private static func of(_ context: UnsafeMutableRawPointer?) -> MQTTLoop? {
    context.map { Unmanaged<MQTTLoop>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The library calls back on the thread that calls it.
  func setCallbacks(_ client: OpaquePointer) {
    mosquitto_connect_callback_set(client) { _, context, code in MQTTLoop.of(context)?.greeted(code) }
    mosquitto_publish_callback_set(client) { _, context, identifier in
      MQTTLoop.of(context)?.done(Int(UInt16(truncatingIfNeeded: identifier)))
    }
    mosquitto_subscribe_callback_set(client) { _, context, identifier, count, granted in
      let isGranted = count > 0 && granted.map { $0[0] < 128 } ?? false
      MQTTLoop.of(context)?.subscribed(identifier, isGranted: isGranted)
    }
    mosquitto_message_callback_set(client) { _, context, message in
      guard let message else { return }
      MQTTLoop.of(context)?.deliver(message.pointee)
    }
  }

  private func deliver(_ message: mosquitto_message) {
    tally.received += 1
    guard let topic = message.topic else { return }
    let given = MQTTMessage(
      topic: UnsafeRawBufferPointer(start: topic, count: strlen(topic)),
      payload: UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen)),
      isRetained: message.retain)
    for subscription in subscriptions {
      var isMatch = false
      guard mosquitto_topic_matches_sub(subscription.filter, topic, &isMatch) == MOSQ_ERR_SUCCESS.rawValue, isMatch
      else { continue }
      let resumes = link.resumes
      if subscription.handler(given) == .pause { isPaused = link.pause(after: resumes) }
      // A broker sends a message once for each matching subscription or once for all: the first handler gets it.
      break
    }
  }
}
