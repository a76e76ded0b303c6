import MQTT
import Primitives
import Testing

@Suite("Addresses of brokers")
struct MQTTAddressTests {
  @Test(
    "are read",
    arguments: [
      ("mqtt://127.0.0.1", MQTTAddress(host: "127.0.0.1")),
      ("tcp://broker.city.example:1884/", MQTTAddress(host: "broker.city.example", port: 1884)),
      ("mqtt://u:p@h:1", MQTTAddress(host: "h", port: 1, user: "u", password: "p")),
      ("mqtt://a%40b:c%3Ad%25@h", MQTTAddress(host: "h", user: "a@b", password: "c:d%")),
      ("mqtt://u@h", MQTTAddress(host: "h", user: "u")),
      ("mqtt://[::1]:1885", MQTTAddress(host: "::1", port: 1885)),
      ("mqtt://[fe80::1]", MQTTAddress(host: "fe80::1")),
    ])
  func good(_ text: String, _ address: MQTTAddress) throws {
    #expect(try MQTTAddress(text) == address)
  }

  @Test(
    "that are none are refused, and no password is repeated",
    arguments: [
      "", "127.0.0.1", "http://h", "mqtts://h", "mqtt://", "mqtt://:1883", "mqtt://h:", "mqtt://h:0", "mqtt://h:65536",
      "mqtt://h:+1", "mqtt://h:1:2", "mqtt://u:geheim@", "mqtt://:geheim@h", "mqtt://u:geheim%@h",
      "mqtt://u:geheim%zz@h",
      "mqtt://u:geheim%00@h", "mqtt://u:geheim%ff@h", "mqtt://h/geheim", "mqtt://h?geheim", "mqtt://[::1",
      "mqtt://[::1]x",
      "mqtt://h h", "mqtt://h\u{0}", "mqtt://" + String(repeating: "h", count: 2000),
    ])
  func bad(_ text: String) {
    do throws(MQTTError) {
      _ = try MQTTAddress(text)
      Issue.record("taken: \(text)")
    } catch {
      #expect(error.kind == .malformed)
      #expect(!error.message.contains("geheim"))
    }
  }

  @Test("of any bytes never end the program")
  func anything() {
    var generator = SeededGenerator(seed: 5)
    let alphabet = Array("mqtt://[]:@%09afz?#\u{e9}.-".unicodeScalars)
    for _ in 0..<20_000 {
      var text = Bool.random(using: &generator) ? "mqtt://" : ""
      for _ in 0..<Int.random(in: 0..<12, using: &generator) {
        text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
      }
      _ = try? MQTTAddress(text)
    }
  }
}
