/// Numbers due at windows of time, in two rings of lists, so that putting in and taking out cost the same however many
/// wait.
///
/// The fine ring has a list per window of the current lap; the coarse ring has a list per lap. When a lap begins, its list
/// is handed out to be put in again. Lists are chains of 64-byte chunks in one array, so nothing is allocated once the
/// array has grown to its size.
struct TimingWheel: Sendable {
  /// Windows of a lap.
  static let fineBits: Int64 = 14
  /// Laps after which a coarse list is looked at again; what is due later than that goes round.
  static let coarseBits: Int64 = 12
  private static let chunk = 16
  private static let empty = UInt32.max

  private var fine: [UInt32]
  private var coarse: [UInt32]
  /// Chunks: the next chunk, how many numbers, up to 14 numbers.
  private var words: [UInt32] = []
  private var free: UInt32 = Self.empty
  /// The window that is current; everything waiting is due at it or later.
  private(set) var now: Int64 = 0
  private(set) var count = 0

  init() {
    fine = Array(repeating: Self.empty, count: 1 << Int(Self.fineBits))
    coarse = Array(repeating: Self.empty, count: 1 << Int(Self.coarseBits))
  }

  /// Puts in a number due at `window`, which must not be in the past.
  @inline(__always)
  mutating func insert(_ number: UInt32, at window: Int64) {
    count += 1
    if window >> Self.fineBits == now >> Self.fineBits {
      let slot = Int(window & (1 << Self.fineBits - 1))
      fine[slot] = pushed(number, onto: fine[slot])
    } else {
      let slot = Int((window >> Self.fineBits) & (1 << Self.coarseBits - 1))
      coarse[slot] = pushed(number, onto: coarse[slot])
    }
  }

  /// Goes on to the next window; true when a lap begins and its coarse list must be handed out.
  mutating func advance() -> Bool {
    now += 1
    return now & (1 << Self.fineBits - 1) == 0
  }

  /// Whether something is due in the current window.
  var isDue: Bool { fine[Int(now & (1 << Self.fineBits - 1))] != Self.empty }

  /// Moves all that is due in the current window to the end of `out`.
  mutating func takeDue(_ out: inout [UInt32]) {
    let slot = Int(now & (1 << Self.fineBits - 1))
    let head = fine[slot]
    fine[slot] = Self.empty
    drain(head, &out)
  }

  /// Moves the coarse list of the current lap to the end of `out`; each number has to be put in again.
  mutating func takeLap(_ out: inout [UInt32]) {
    let slot = Int((now >> Self.fineBits) & (1 << Self.coarseBits - 1))
    let head = coarse[slot]
    coarse[slot] = Self.empty
    drain(head, &out)
  }

  @inline(__always)
  private mutating func pushed(_ number: UInt32, onto head: UInt32) -> UInt32 {
    if head != Self.empty {
      let base = Int(head) * Self.chunk
      let used = words[base + 1]
      if used < UInt32(Self.chunk - 2) {
        words[base + 2 + Int(used)] = number
        words[base + 1] = used + 1
        return head
      }
    }
    let fresh = newChunk()
    let base = Int(fresh) * Self.chunk
    words[base] = head
    words[base + 1] = 1
    words[base + 2] = number
    return fresh
  }

  private mutating func newChunk() -> UInt32 {
    if free != Self.empty {
      let chunk = free
      free = words[Int(chunk) * Self.chunk]
      return chunk
    }
    let chunk = UInt32(words.count / Self.chunk)
    words.append(contentsOf: repeatElement(0, count: Self.chunk))
    return chunk
  }

  private mutating func drain(_ head: UInt32, _ out: inout [UInt32]) {
    var chunk = head
    while chunk != Self.empty {
      let base = Int(chunk) * Self.chunk
      let used = Int(words[base + 1])
      out.append(contentsOf: words[(base + 2)..<(base + 2 + used)])
      count -= used
      let next = words[base]
      words[base] = free
      free = chunk
      chunk = next
    }
  }
}
