/// From a picture to the 64 by 64 block that PDQ looks at: grey values, two passes of a box filter in both directions,
/// then every n-th value.
///
/// The result has the same bits as the reference's plain loops: each running sum takes the same numbers in the same
/// order. What differs is the order between independent sums: along rows eight rows run side by side, along columns a
/// whole row of sums moves down at once, and the last two passes write only what is kept. Nothing here is a fused
/// multiply-add, which would change bits.
struct PDQFilter {
  typealias Lanes = SIMD8<Float>

  let width: Int
  let height: Int
  /// The width rounded up to whole lanes.
  private let stride: Int
  private let columns: [Int]
  private let rows: [Int]

  /// A filter that keeps what the picture's block is made of, and with `mirrors` also what its mirror images' are.
  init(width: Int, height: Int, mirrors: Bool = false) {
    self.width = width
    self.height = height
    stride = (width + 7) & ~7
    func places(_ count: Int) -> [Int] {
      let plain = PDQFilter.kept(of: count)
      return mirrors ? (plain + PDQFilter.mirrored(of: count)).sorted() : plain
    }
    (columns, rows) = (places(width), places(height))
  }

  /// The 64 places that are kept of `count`.
  static func kept(of count: Int) -> [Int] { (0..<64).map { Int((Double($0) + 0.5) * Double(count) / 64) } }

  /// The places of a row that its mirror image's block is made of: of the filtered row, so that it need not be filtered once
  /// more.
  ///
  /// Place n of the mirrored row has the mean of the window around N − 1 − n, mirrored. A window of an odd length is its own
  /// mirror image; one of an even length reaches one place further to the right than to the left, so that its mirror image
  /// is the window one place further left, and after two passes two.
  static func mirrored(of count: Int) -> [Int] {
    let shift = window(count) & 1 == 0 ? 2 : 0
    return kept(of: count).map { max(0, count - 1 - $0 - shift) }
  }

  /// The block of the picture with its rows or columns in the other order, out of `block` of a filter with `mirrors`.
  ///
  /// Other sums are rounded than for the mirrored pixels; windows of two places, which would begin outside, are not for this.
  func mirrored(_ block: [Float], rows reversesRows: Bool, columns reversesColumns: Bool) -> [Float] {
    func places(_ count: Int, _ kept: [Int], _ reverses: Bool) -> [Int] {
      let wanted = reverses ? PDQFilter.mirrored(of: count) : PDQFilter.kept(of: count)
      return wanted.map { kept.firstIndex(of: $0) ?? 0 }
    }
    let down = places(height, rows, reversesRows)
    let across = places(width, columns, reversesColumns)
    return down.flatMap { row in across.map { block[row * columns.count + $0] } }
  }

  /// The window of the box filter along a side of this length.
  static func window(_ count: Int) -> Int { (count + 127) / 128 }

  /// The block, row by row: 64 by 64, or 128 by 128 with `mirrors`.
  func block(of rgb: UnsafePointer<UInt8>) -> [Float] {
    let padded = (height + 7) & ~7
    // Only the rows that the filter down the columns still needs are kept, in a ring.
    let ringRows = PDQFilter.ring(PDQFilter.window(height))
    let ring = UnsafeMutablePointer<Float>.allocate(capacity: ringRows * stride)
    let strip = UnsafeMutablePointer<Lanes>.allocate(capacity: 2 * stride)
    let band = UnsafeMutablePointer<Float>.allocate(capacity: 8 * stride)
    let narrow = UnsafeMutablePointer<Float>.allocate(capacity: padded * columns.count)
    defer {
      ring.deallocate()
      strip.deallocate()
      band.deallocate()
      narrow.deallocate()
    }
    strip.initialize(repeating: .zero, count: 2 * stride)
    band.initialize(repeating: 0, count: 8 * stride)

    let across = BoxSteps(count: width, window: PDQFilter.window(width))
    let down = ColumnBox(stride: stride, steps: BoxSteps(count: height, window: PDQFilter.window(height)))
    down.run(ring, mask: ringRows - 1, keeping: nil, into: band) { row in
      guard row & 7 == 0 else { return }
      Luma.strip(rgb, width: width, top: row, height: height, into: strip)
      boxAlong(across, strip, into: strip + stride)
      untwine(strip + stride, into: ring + (row & (ringRows - 1)) * stride)
    } written: { row in
      guard row & 7 == 7 || row == height - 1 else { return }
      twine(band, into: strip)
      keepAlong(across, strip, into: narrow + (row & ~7) * columns.count)
    }
    return [Float](unsafeUninitializedCapacity: rows.count * columns.count) { out, count in
      if let base = out.baseAddress {
        let last = ColumnBox(stride: columns.count, steps: BoxSteps(count: height, window: PDQFilter.window(height)))
        last.run(narrow, mask: -1, keeping: rows, into: base, needed: { _ in }, written: { _ in })
      }
      count = rows.count * columns.count
    }
  }

  /// Rows of a ring that holds a window and the eight rows that are made at once: a power of two.
  private static func ring(_ window: Int) -> Int {
    var rows = 16
    while rows < window + 16 { rows *= 2 }
    return rows
  }

  /// Grey values without a filter, for a picture that is 64 by 64 already.
  static func unfiltered(_ rgb: UnsafePointer<UInt8>) -> [Float] {
    (0..<4096).map { Luma.value(rgb + 3 * $0) }
  }

  /// The box filter along eight rows at once; every value is written.
  private func boxAlong(
    _ steps: BoxSteps, _ source: UnsafePointer<Lanes>, into target: UnsafeMutablePointer<Lanes>
  ) {
    var sum = Lanes.zero
    for i in 0..<steps.lead { sum += source[i] }
    var (left, right, out) = (0, steps.lead, 0)
    var count = Float(steps.lead)
    for _ in 0..<steps.growing {
      sum += source[right]
      count += 1
      target[out] = sum / Lanes(repeating: count)
      right += 1
      out += 1
    }
    // Dividing by a power of two and multiplying by its inverse give the same bits.
    if let inverse = steps.exactInverse {
      for i in 0..<steps.steady {
        sum += source[right + i]
        sum -= source[left + i]
        target[out + i] = sum * inverse
      }
    } else {
      let window = Lanes(repeating: Float(steps.window))
      for i in 0..<steps.steady {
        sum += source[right + i]
        sum -= source[left + i]
        target[out + i] = sum / window
      }
    }
    left += steps.steady
    out += steps.steady
    count = Float(steps.window)
    for _ in 0..<steps.lead {
      sum -= source[left]
      count -= 1
      target[out] = sum / Lanes(repeating: count)
      left += 1
      out += 1
    }
  }

  /// The box filter along eight rows at once, of which the kept columns are written, row by row.
  private func keepAlong(
    _ steps: BoxSteps, _ source: UnsafePointer<Lanes>, into target: UnsafeMutablePointer<Float>
  ) {
    var sum = Lanes.zero
    for i in 0..<steps.lead { sum += source[i] }
    var (left, right, out, next) = (0, steps.lead, 0, 0)
    let kept = columns.count
    columns.withUnsafeBufferPointer { columns in
      func keep(_ divisor: Float) {
        let value = sum / Lanes(repeating: divisor)
        while next < kept && columns[next] == out {
          for lane in 0..<8 { target[lane * kept + next] = value[lane] }
          next += 1
        }
        out += 1
      }
      for i in 0..<steps.growing {
        sum += source[right]
        right += 1
        if next < kept && columns[next] == out { keep(Float(steps.lead + i + 1)) } else { out += 1 }
      }
      let window = Float(steps.window)
      var done = 0
      while done < steps.steady {
        // As far as the next kept column, without looking at each.
        let until = next < kept ? min(steps.steady, done + columns[next] - out + 1) : steps.steady
        guard until > done else { break }
        for i in done..<until {
          sum += source[right + i]
          sum -= source[left + i]
        }
        out += until - done - 1
        done = until
        if next < kept && columns[next] == out { keep(window) } else { out += 1 }
      }
      left += steps.steady
      for i in 0..<steps.lead {
        sum -= source[left]
        left += 1
        if next < kept && columns[next] == out { keep(Float(steps.window - i - 1)) } else { out += 1 }
      }
    }
  }

  /// Eight interleaved rows back to one after the other.
  private func untwine(_ source: UnsafePointer<Lanes>, into target: UnsafeMutablePointer<Float>) {
    for x in Swift.stride(from: 0, to: stride, by: 4) {
      let (a, b, c, d) = (source[x], source[x + 1], source[x + 2], source[x + 3])
      let upper = Tile.transpose(a.lowHalf, b.lowHalf, c.lowHalf, d.lowHalf)
      let lower = Tile.transpose(a.highHalf, b.highHalf, c.highHalf, d.highHalf)
      Tile.store(upper, target + x, stride)
      Tile.store(lower, target + 4 * stride + x, stride)
    }
  }

  /// Eight rows interleaved: element x holds column x of all eight.
  private func twine(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Lanes>) {
    for x in Swift.stride(from: 0, to: stride, by: 4) {
      let upper = Tile.load(source + x, stride)
      let lower = Tile.load(source + 4 * stride + x, stride)
      target[x] = Lanes(lowHalf: upper.0, highHalf: lower.0)
      target[x + 1] = Lanes(lowHalf: upper.1, highHalf: lower.1)
      target[x + 2] = Lanes(lowHalf: upper.2, highHalf: lower.2)
      target[x + 3] = Lanes(lowHalf: upper.3, highHalf: lower.3)
    }
  }
}

/// How many steps of each kind the reference's box filter takes along one side.
struct BoxSteps {
  let window: Int
  /// Values that are added before the first is written, and values that are written after the last was added.
  let lead: Int
  /// Values written while the window still grows.
  let growing: Int
  /// Values written with a full window.
  let steady: Int

  init(count: Int, window: Int) {
    let half = (window + 2) / 2
    self.window = window
    lead = half - 1
    growing = window - half + 1
    steady = count - window
  }

  /// One over the window where that is exact.
  var exactInverse: Float? { window & (window - 1) == 0 ? 1 / Float(window) : nil }
}

/// The box filter down the columns, a row of sums at a time.
private struct ColumnBox {
  let stride: Int
  let steps: BoxSteps

  /// Filters `source` and hands over each row in turn.
  ///
  /// Row r of the source stands in line `r & mask`; `needed` is called with r before it is first read. Row r of the
  /// result goes to line r mod 8 of `target`, or, with `kept`, to each line whose entry in `kept` is r; `written` is
  /// then called with r.
  func run(
    _ source: UnsafePointer<Float>, mask: Int, keeping kept: [Int]?, into target: UnsafeMutablePointer<Float>,
    needed: (Int) -> Void, written: (Int) -> Void
  ) {
    let sums = UnsafeMutablePointer<SIMD8<Float>>.allocate(capacity: stride / 8)
    sums.initialize(repeating: .zero, count: stride / 8)
    defer { sums.deallocate() }
    var (left, right, row, next) = (0, 0, 0, 0)
    for _ in 0..<steps.lead {
      needed(right)
      move(sums, adding: source + (right & mask) * stride, taking: nil)
      right += 1
    }
    func write(_ divisor: Int) {
      if let kept {
        while next < kept.count && kept[next] == row {
          emit(sums, divisor, target + next * stride)
          next += 1
        }
      } else {
        emit(sums, divisor, target + (row & 7) * stride)
      }
      written(row)
      row += 1
    }
    for i in 0..<steps.growing {
      needed(right)
      move(sums, adding: source + (right & mask) * stride, taking: nil)
      right += 1
      write(steps.lead + i + 1)
    }
    for _ in 0..<steps.steady {
      needed(right)
      move(sums, adding: source + (right & mask) * stride, taking: source + (left & mask) * stride)
      left += 1
      right += 1
      write(steps.window)
    }
    for i in 0..<steps.lead {
      move(sums, adding: nil, taking: source + (left & mask) * stride)
      left += 1
      write(steps.window - i - 1)
    }
  }

  private func move(
    _ sums: UnsafeMutablePointer<SIMD8<Float>>, adding: UnsafePointer<Float>?, taking: UnsafePointer<Float>?
  ) {
    switch (adding, taking) {
    case (let adding?, let taking?):
      for i in 0..<stride / 8 { sums[i] = (sums[i] + lanes(adding, i)) - lanes(taking, i) }
    case (let adding?, nil):
      for i in 0..<stride / 8 { sums[i] += lanes(adding, i) }
    case (nil, let taking?):
      for i in 0..<stride / 8 { sums[i] -= lanes(taking, i) }
    case (nil, nil): break
    }
  }

  private func emit(_ sums: UnsafePointer<SIMD8<Float>>, _ divisor: Int, _ target: UnsafeMutablePointer<Float>) {
    let raw = UnsafeMutableRawPointer(target)
    if divisor & (divisor - 1) == 0 {
      let inverse = 1 / Float(divisor)
      for i in 0..<stride / 8 { raw.storeBytes(of: sums[i] * inverse, toByteOffset: 32 * i, as: SIMD8<Float>.self) }
    } else {
      let whole = SIMD8<Float>(repeating: Float(divisor))
      for i in 0..<stride / 8 { raw.storeBytes(of: sums[i] / whole, toByteOffset: 32 * i, as: SIMD8<Float>.self) }
    }
  }

  @inline(__always) private func lanes(_ row: UnsafePointer<Float>, _ i: Int) -> SIMD8<Float> {
    UnsafeRawPointer(row).loadUnaligned(fromByteOffset: 32 * i, as: SIMD8<Float>.self)
  }
}

/// Four by four values on their way between two orders.
private enum Tile {
  typealias Four = SIMD4<Float>

  @inline(__always) static func transpose(_ a: Four, _ b: Four, _ c: Four, _ d: Four) -> (Four, Four, Four, Four) {
    (
      Four(a[0], b[0], c[0], d[0]), Four(a[1], b[1], c[1], d[1]), Four(a[2], b[2], c[2], d[2]),
      Four(a[3], b[3], c[3], d[3])
    )
  }

  @inline(__always) static func load(_ at: UnsafePointer<Float>, _ stride: Int) -> (Four, Four, Four, Four) {
    let raw = UnsafeRawPointer(at)
    return transpose(
      raw.loadUnaligned(as: Four.self), raw.loadUnaligned(fromByteOffset: 4 * stride, as: Four.self),
      raw.loadUnaligned(fromByteOffset: 8 * stride, as: Four.self),
      raw.loadUnaligned(fromByteOffset: 12 * stride, as: Four.self))
  }

  @inline(__always) static func store(
    _ tile: (Four, Four, Four, Four), _ at: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let raw = UnsafeMutableRawPointer(at)
    raw.storeBytes(of: tile.0, as: Four.self)
    raw.storeBytes(of: tile.1, toByteOffset: 4 * stride, as: Four.self)
    raw.storeBytes(of: tile.2, toByteOffset: 8 * stride, as: Four.self)
    raw.storeBytes(of: tile.3, toByteOffset: 12 * stride, as: Four.self)
  }
}
