import CQRCode
import Rights

/// A QR code as SVG.
enum QRCode {
  /// The widest code, in modules.
  private static let widest = 177

  /// The code of a text with its quiet zone; empty where the text is too long for one.
  ///
  /// It is black on white whatever the page's colours are, since readers expect that.
  static func svg(_ text: String, label: String) -> String {
    // The text goes to C, where a zero ends it.
    guard !text.utf8.contains(0), text.utf8.count <= 1024 else { return "" }
    var modules = [UInt8](repeating: 0, count: widest * widest)
    let width = Int(tallystick_qr(text, &modules, modules.count))
    guard width > 0 else { return "" }
    var path = ""
    for y in 0..<width {
      var x = 0
      while x < width {
        guard modules[y * width + x] == 1 else {
          x += 1
          continue
        }
        let start = x
        while x < width, modules[y * width + x] == 1 { x += 1 }
        path += "M\(start + 4) \(y + 4)h\(x - start)v1h-\(x - start)z"
      }
    }
    let side = width + 8
    return
      "<svg class=\"qr\" viewBox=\"0 0 \(side) \(side)\" role=\"img\" aria-label=\"\(Markup.escape(label))\">"
      + "<rect class=\"qr-ground\" width=\"\(side)\" height=\"\(side)\"/><path class=\"qr-ink\" d=\"\(path)\"/></svg>"
  }
}
