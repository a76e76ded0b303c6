/// Grey values of PDQ: 0.299 R + 0.587 G + 0.114 B in single precision, added from left to right.
enum Luma {
  /// The three products for every byte, red first.
  private static let products: [Float] =
    (0..<256).map { 0.299 * Float($0) } + (0..<256).map { 0.587 * Float($0) } + (0..<256).map { 0.114 * Float($0) }

  /// The grey value of one pixel.
  static func value(_ pixel: UnsafePointer<UInt8>) -> Float {
    0.299 * Float(pixel[0]) + 0.587 * Float(pixel[1]) + 0.114 * Float(pixel[2])
  }

  /// Eight rows from `top` on, interleaved: element x holds column x of all eight. Below the picture its last row is
  /// repeated.
  static func strip(
    _ rgb: UnsafePointer<UInt8>, width: Int, top: Int, height: Int, into target: UnsafeMutablePointer<SIMD8<Float>>
  ) {
    products.withUnsafeBufferPointer { table in
      guard let red = table.baseAddress else { return }
      let (green, blue) = (red + 256, red + 512)
      target.withMemoryRebound(to: Float.self, capacity: 8 * width) { target in
        for half in 0..<2 {
          let first = top + 4 * half
          var a = rgb + 3 * width * min(first, height - 1)
          var b = rgb + 3 * width * min(first + 1, height - 1)
          var c = rgb + 3 * width * min(first + 2, height - 1)
          var d = rgb + 3 * width * min(first + 3, height - 1)
          var out = target + 4 * half
          for _ in 0..<width {
            out[0] = red[Int(a[0])] + green[Int(a[1])] + blue[Int(a[2])]
            out[1] = red[Int(b[0])] + green[Int(b[1])] + blue[Int(b[2])]
            out[2] = red[Int(c[0])] + green[Int(c[1])] + blue[Int(c[2])]
            out[3] = red[Int(d[0])] + green[Int(d[1])] + blue[Int(d[2])]
            (a, b, c, d, out) = (a + 3, b + 3, c + 3, d + 3, out + 8)
          }
        }
      }
    }
  }
}
