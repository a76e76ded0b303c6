extension RGBImage {
  /// The picture without a border of one colour, or the picture itself where there is none.
  ///
  /// Each side is looked at by itself. A line belongs to the border where all but a fiftieth of its pixels are within
  /// 24 of the mean colour of the outermost line, in every channel: compression leaves such noise. No more than 30 % of
  /// a side are taken off either end.
  public func trimmed() -> RGBImage {
    let top = border(lines: height, length: width, start: 0, along: 1, across: width)
    let bottom = border(lines: height, length: width, start: (height - 1) * width, along: 1, across: -width)
    let rows = height - top - bottom
    let left = border(lines: width, length: rows, start: top * width, along: width, across: 1)
    let right = border(lines: width, length: rows, start: top * width + width - 1, along: width, across: -1)
    guard top + bottom + left + right > 0 else { return self }
    return cropped(x: left, y: top, width: width - left - right, height: rows) ?? self
  }

  /// How many lines of the border there are from `start` on; 0 where more than 30 % are alike, for then it is part of
  /// the picture.
  private func border(lines: Int, length: Int, start: Int, along: Int, across: Int) -> Int {
    let most = lines * 3 / 10
    return pixels.withUnsafeBufferPointer { pixels in
      var sums = (0, 0, 0)
      for i in 0..<length {
        let pixel = 3 * (start + i * along)
        sums.0 += Int(pixels[pixel])
        sums.1 += Int(pixels[pixel + 1])
        sums.2 += Int(pixels[pixel + 2])
      }
      let mean = (sums.0 / length, sums.1 / length, sums.2 / length)
      var count = 0
      while count <= most {
        var strangers = 0
        for i in 0..<length {
          let pixel = 3 * (start + count * across + i * along)
          let near =
            abs(Int(pixels[pixel]) - mean.0) <= 24 && abs(Int(pixels[pixel + 1]) - mean.1) <= 24
            && abs(Int(pixels[pixel + 2]) - mean.2) <= 24
          if !near {
            strangers += 1
            if strangers * 50 > length { break }
          }
        }
        if strangers * 50 > length { return count }
        count += 1
      }
      return 0
    }
  }
}
