/// Text from outside as an error may quote it.
extension String {
  /// The first 80 scalars without control characters: an error stays short and cannot steer a terminal.
  var shown: String {
    let scalars = unicodeScalars
    var text = String.UnicodeScalarView()
    for scalar in scalars.prefix(80) {
      let isControl = scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
      text.append(isControl ? "\u{fffd}" : scalar)
    }
    return String(text) + (scalars.count > 80 ? "..." : "")
  }
}
