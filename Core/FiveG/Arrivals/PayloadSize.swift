/// Bytes of a packet's payload on the air.
public enum PayloadSize: Sendable, Equatable {
  /// Always the same.
  case fixed(UInt32)
  /// TR 45.820 annex E: Pareto with shape 2.5 from 20 bytes, cut off at 200 bytes.
  case pareto
  /// A video frame: Gaussian around the mean with a deviation of 10.5 %, within 50 to 150 % of it (TR 38.838).
  case video(mean: UInt32)

  /// The mean in bytes, close enough for load figures.
  public var mean: Double {
    switch self {
    case .fixed(let bytes): Double(bytes)
    // 20 * 2.5/1.5 without the cut-off; the integral to 200 takes off 0.8.
    case .pareto: 32.9
    case .video(let mean): Double(mean)
    }
  }
}

/// The inverse distribution functions behind ``PayloadSize``, tabulated once with portable arithmetic.
package struct PayloadSizer: Sendable {
  /// Entry k: the draws (of 2^64) below which a Pareto payload has at most 20 + k bytes.
  private let pareto: [UInt64]
  /// Entry k: the normal quantile of (k + 0.5) / 4096, times 2^20.
  private let normal: [Int64]

  package init() {
    // P(size > s) = (20/s)^2.5 = (20/s)^2 sqrt(20/s): square roots are exact on every machine. Sizes are rounded down.
    pareto = (0..<180).map { k in
      let ratio = 20.0 / Double(21 + k)
      return Probability(1 - ratio * ratio * ratio.squareRoot()).threshold
    }
    normal = (0..<4096).map { k in
      Int64((PortableMath.normalQuantile((Double(k) + 0.5) / 4096) * 1_048_576).rounded(.toNearestOrEven))
    }
  }

  /// The size of one packet.
  @inline(__always)
  package func bytes(_ size: PayloadSize, seed: UInt64, device: UInt32, counter: UInt32) -> UInt32 {
    if case .fixed(let bytes) = size { return bytes }
    return drawn(size, seed: seed, device: device, counter: counter)
  }

  private func drawn(_ size: PayloadSize, seed: UInt64, device: UInt32, counter: UInt32) -> UInt32 {
    var random = CounterRandom(seed: seed, device: device, lane: .size, counter: UInt64(counter))
    switch size {
    case .fixed(let bytes): return bytes
    case .pareto:
      let draw = random.next()
      var low = 0
      var high = pareto.count
      while low < high {
        let middle = (low + high) / 2
        if pareto[middle] <= draw { low = middle + 1 } else { high = middle }
      }
      return UInt32(20 + low)
    case .video(let mean):
      // Linear between neighbouring quantiles; the outermost 1/8192 of each tail is flat, 3.7 deviations out.
      let place = max(Int64(random.next() >> 40) - 2048, 0)
      let index = min(Int(place >> 12), 4094)
      let part = place - Int64(index) << 12
      let z = normal[index] + (normal[index + 1] - normal[index]) * min(part, 4096) / 4096
      let bytes = Int64(mean) + Int64(mean) * 105 * z / (1000 * 1_048_576)
      return UInt32(min(max(bytes, Int64(mean) / 2), Int64(mean) * 3 / 2))
    }
  }
}
