internal import Primitives

/// Where a broker is, and as whom to go there.
///
/// Written `mqtt://user:password@host:port`, or with `tcp:`; user and password may be missing, the port is 1883 unless
/// given, and an IPv6 address stands in brackets. Signs that mean something in an address are percent-encoded in user
/// and password. There is no `mqtts:`: this client talks to brokers on the same machine or the same closed network.
public struct MQTTAddress: Sendable, Equatable {
  /// A name or an address.
  public var host: String

  /// The TCP port.
  public var port: UInt16

  /// The user, or nil.
  public var user: String?

  /// The user's password, or nil.
  public var password: String?

  /// The port of MQTT without TLS by the IANA registry.
  public static let standardPort: UInt16 = 1883

  /// An address of known parts.
  public init(host: String, port: UInt16 = MQTTAddress.standardPort, user: String? = nil, password: String? = nil) {
    self.host = host
    self.port = port
    self.user = user
    self.password = password
  }

  /// Reads an address; throws `malformed`, never repeating a password.
  public init(_ url: String) throws(MQTTError) {
    var rest = Substring(url)
    if rest.hasPrefix("mqtt://") {
      rest = rest.dropFirst(7)
    } else if rest.hasPrefix("tcp://") {
      rest = rest.dropFirst(6)
    } else {
      throw Self.malformed("It begins with neither mqtt:// nor tcp://.")
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard rest.utf8.count <= MQTTLimits.topicBytes, rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
      !rest.contains(where: { "/?#".contains($0) })
    else { throw Self.malformed("After the host and the port nothing may follow.") }
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard let user = Self.decoded(parts[0]), !user.isEmpty else { throw Self.malformed("The user cannot be read.") }
      self.user = user
      if parts.count == 2 {
        guard let password = Self.decoded(parts[1]) else { throw Self.malformed("The password cannot be read.") }
        self.password = password
      }
      rest = rest[rest.index(after: at)...]
    }
    var port: Substring?
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      let after = rest[rest.index(after: end)...]
      guard after.isEmpty || after.hasPrefix(":") else { throw Self.malformed("The host cannot be read.") }
      if !after.isEmpty { port = after.dropFirst() }
    } else if let colon = rest.firstIndex(of: ":") {
      host = String(rest[..<colon])
      port = rest[rest.index(after: colon)...]
    } else {
      host = String(rest)
    }
    guard !host.isEmpty, host.utf8.allSatisfy(Self.isOfHost) else { throw Self.malformed("The host cannot be read.") }
    if let port {
      guard let number = UInt16(port), number > 0, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw Self.malformed("A port is a number from 1 to 65535.")
      }
      self.port = number
    } else {
      self.port = Self.standardPort
    }
  }

  /// Host and port for people, without the password.
  public var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private static func malformed(_ why: Message) -> MQTTError {
    MQTTError(.malformed, "This is no broker's address such as mqtt://127.0.0.1:1883. \(why)")
  }

  private static func isOfHost(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
      UInt8(ascii: "_"), UInt8(ascii: "%"):
      true
    default: false
    }
  }

  /// A text without percent signs; nil if it is no UTF-8, or has a NUL.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
