/// What a gateway may be called: its name stands in addresses, topics, files and the names of its bridges.
public enum GatewayName {
  /// Whether it has 1 to `EdgeLimits.gatewayNameBytes` of a-z, A-Z, 0-9, `.`, `-` and `_`, and does not begin with a dot.
  public static func isValid(_ name: String) -> Bool {
    (1...EdgeLimits.gatewayNameBytes).contains(name.utf8.count) && name.first != "."
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
