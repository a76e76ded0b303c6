internal import Primitives

/// All that a gateway keeps of a device, in one place so that a reading touches few cache lines: 240 bytes.
///
/// Floating point and heap objects have no place here; `DeviceTable` owns the memory.
struct DeviceRecord {
  var kid: UInt64 = 0
  var boot: UInt32 = 0
  var state = State()
  /// A bit for each channel whose last value is known.
  var known: UInt8 = 0
  /// The rules' place and one more; 0 for none.
  var rules: UInt16 = 0
  /// The highest number accepted within `boot`.
  var lastSeq: UInt64 = 0
  /// Bit n: the number `lastSeq − n` has been accepted (RFC 4303, section 3.4.3).
  var window: UInt64 = 0
  /// The latest sample time in microseconds.
  var lastTime: Int64 = 0
  /// The device's newest row in a batch, raw; 0 for none.
  var lastRow: UInt64 = 0
  /// A keyed mark of the URN: the MAC vouches for the sender, this for the name it gives itself.
  var nameMark: Int = 0
  var validFrom: UInt32 = 0
  var validTo: UInt32 = .max
  var key = Digest()
  var chain = Digest()
  /// SHA-256 of the URN.
  var digest = Digest()
  /// The first half of the last epoch's SHA-256; zeros before the first.
  var epochHigh: UInt64 = 0
  var epochLow: UInt64 = 0
  /// The last number that the last epoch counts.
  var epochSeq: UInt64 = 0
  /// The last values of the first channels, in their rules' scale.
  var last = InlineArray<4, Int64>(repeating: 0)
  /// How the last value differs from the one before; `Int32.min` for unknown.
  var step = InlineArray<4, Int32>(repeating: .min)
  /// How many values in a row have been the same within the tolerance.
  var repeats = InlineArray<4, UInt8>(repeating: 0)
  /// Where `SignalTable` has its signals, and how many; 0 for none.
  var signals: UInt32 = 0

  /// What is known of a device, in bits.
  struct State: OptionSet {
    let rawValue: UInt8
    /// It has a key; without, it is known from its stored readings only.
    static let enrolled = State(rawValue: 1)
    /// Nothing of it is accepted any more.
    static let revoked = State(rawValue: 2)
    /// A reading of it has been accepted.
    static let heard = State(rawValue: 4)
    /// `chain` is the device's own: nothing has been missing or out of order since the boot or the last epoch.
    static let exact = State(rawValue: 8)
    /// It signs epochs.
    static let signsEpochs = State(rawValue: 16)
  }

  /// Where a number stands against the window.
  enum Place { case fresh, seen, beyondWindow, oldBoot }

  @inline(__always)
  func place(boot: UInt32, seq: UInt64) -> Place {
    if !state.contains(.heard) || boot > self.boot { return .fresh }
    if boot < self.boot { return .oldBoot }
    if seq > lastSeq { return .fresh }
    let back = lastSeq - seq
    if back >= 64 { return .beyondWindow }
    return window >> back & 1 == 0 ? .fresh : .seen
  }

  /// Takes note of an accepted reading; the chain goes on over its payload.
  @inline(__always)
  mutating func take(boot: UInt32, seq: UInt64, chain next: (Digest) -> Digest) {
    if !state.contains(.heard) || boot > self.boot {
      self.boot = boot
      lastSeq = seq
      window = 1
      chain = next(Digest())
      state.insert(.heard)
      if seq == 0 { state.insert(.exact) } else { state.remove(.exact) }
      return
    }
    if boot == self.boot, seq > lastSeq {
      let shift = seq - lastSeq
      window = shift >= 64 ? 1 : window << shift | 1
      if shift != 1 { state.remove(.exact) }
      lastSeq = seq
    } else {
      if boot == self.boot, lastSeq - seq < 64 { window |= 1 << (lastSeq - seq) }
      state.remove(.exact)
    }
    chain = next(chain)
  }
}
