internal import FiveG

/// What a channel's records have in common, written once.
struct ChannelText: Sendable {
  let kind: Channel.Kind
  let exponent: Int8
  /// `"n":"temperature","u":"Cel","v":`
  let json: [UInt8]
  /// `temperature","u":"Cel",` after the opening of a whole name.
  let resolvedJSON: [UInt8]
  /// `"v":`, or the label of another kind.
  let valueJSON: [UInt8]
  /// The labels and texts of name and unit, then the label of the value.
  let cbor: [UInt8]
  /// Pairs of a record's map: name, unit if there is one, value.
  let pairs: Int

  init(_ channel: Channel) {
    kind = channel.kind
    exponent = channel.exponent
    let label =
      switch channel.kind {
      case .number: "\"v\":"
      case .boolean: "\"vb\":"
      case .digest: "\"vd\":"
      }
    valueJSON = Array(label.utf8)
    let unit = channel.unit.isEmpty ? "" : "\"u\":\"\(channel.unit)\","
    json = Array("\"n\":\"\(channel.name)\",\(unit)\(label)".utf8)
    resolvedJSON = Array("\(channel.name)\",\(unit)".utf8)
    var cbor: [UInt8] = [0]
    cbor.appendCBORText(channel.name.utf8)
    if !channel.unit.isEmpty {
      cbor.append(1)
      cbor.appendCBORText(channel.unit.utf8)
    }
    switch channel.kind {
    case .number: cbor.append(2)
    case .boolean: cbor.append(4)
    case .digest: cbor.append(8)
    }
    self.cbor = cbor
    pairs = channel.unit.isEmpty ? 2 : 3
  }

  /// By model, then by channel.
  static let all: [[ChannelText]] = DeviceModel.allCases.map { $0.channels.map { ChannelText($0) } }
}
