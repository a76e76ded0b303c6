internal import Primitives

extension CanonicalReading {
  /// What a canonical reading says, by its places in the bytes: for the gateway's hot path, which allocates nothing.
  ///
  /// All of the form is checked, so that bytes which scan are the one encoding of their meaning. Ranges are offsets from
  /// the start of the buffer that was scanned, and mean nothing without it.
  public struct Scan: Sendable {
    /// A place in the bytes.
    public struct Part: Sendable, Equatable {
      /// The first byte.
      public let start: UInt16

      /// How many there are.
      public let count: UInt16

      /// The place as a range of offsets.
      @inline(__always) public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }

      @inline(__always) init(start: Int, count: Int) {
        self.start = UInt16(truncatingIfNeeded: start)
        self.count = UInt16(truncatingIfNeeded: count)
      }
    }

    /// The kinds of values.
    public enum Kind: UInt8, Sendable {
      /// A number: mantissa × 10^exponent.
      case number
      /// True, mantissa 1, or false, mantissa 0.
      case bool
      /// Data at the place `data`.
      case data
    }

    /// One record.
    public struct Field: Sendable {
      /// Where the sensor's name stands.
      public internal(set) var name = Part(start: 0, count: 0)
      /// Where the unit stands; of no bytes when there is none.
      public internal(set) var unit = Part(start: 0, count: 0)
      /// Where data stands.
      public internal(set) var data = Part(start: 0, count: 0)
      /// The kind of the value.
      public internal(set) var kind = Kind.bool
      /// The number's power of ten, −18 to 0.
      public internal(set) var exponent: Int8 = 0
      /// The number's digits, or 1 for true.
      public internal(set) var mantissa: Int64 = 0

      /// The value as a number.
      @inline(__always) public var number: SenMLNumber { SenMLNumber(canonical: mantissa, exponent) }
    }

    /// Where the device's URN stands, without the colon behind it.
    public let device: Part

    /// The count of the device's starts.
    public let boot: UInt32

    /// The number of the reading since that start.
    public let seq: UInt64

    /// The time of the sample in microseconds since 1970.
    public let time: Int64

    /// The count of the records, 1 to 8.
    public let count: Int

    private let fields: InlineArray<8, Field>

    /// A record.
    ///
    /// - Precondition: `index` is from 0 to below `count`.
    @inline(__always) public subscript(index: Int) -> Field {
      precondition(index < count, "There is no such record.")
      return fields[index]
    }

    /// Scans the one encoding of a reading.
    ///
    /// Throws for any other bytes: `notCanonical` for another form of some meaning and for what is no reading at all, or the
    /// fault of the part that is out of bounds. Nothing is allocated unless it throws; some 10 ns a record and a nanosecond a
    /// byte.
    public init(_ bytes: UnsafeRawBufferPointer) throws(SenMLError) {
      var cursor = ReadingCursor(bytes)
      do throws(ReadingCursor.Refusal) {
        guard bytes.count <= Limits.readingBytes else { throw cursor.refuse(.tooLarge) }
        let head = try cursor.byte()
        guard head > 0x80, head <= 0x88 else { throw cursor.refuse(.recordCount) }
        count = Int(head - 0x80)
        var fields = InlineArray<8, Field>(repeating: Field())
        cursor.record = 0
        let hasUnit = try cursor.map(of: 6)
        try cursor.field(&fields[0], hasUnit: hasUnit)
        device = try cursor.device()
        time = try cursor.time()
        seq = try cursor.seq()
        boot = try cursor.boot()
        for index in 1..<max(count, 1) {
          cursor.record = index
          let hasUnit = try cursor.map(of: 2)
          try cursor.field(&fields[index], hasUnit: hasUnit)
        }
        cursor.record = -1
        guard cursor.isAtEnd else { throw cursor.refuse(.notCanonical) }
        self.fields = fields
      } catch { throw SenMLError(error) }
    }
  }
}

extension SenMLNumber {
  /// A number that a scan has found to be in its one form.
  @inline(__always) init(canonical mantissa: Int64, _ exponent: Int8) {
    self.mantissa = mantissa
    self.exponent = exponent
  }
}

extension SenMLError {
  @inline(never) fileprivate init(_ refusal: ReadingCursor.Refusal) {
    self.init(
      refusal.fault, record: refusal.record < 0 ? nil : refusal.record, label: refusal.label?.json,
      offset: refusal.offset)
  }
}
