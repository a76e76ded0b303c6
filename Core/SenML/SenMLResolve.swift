internal import Primitives

/// The versions of SenML (RFC 9100): a sum of the bits of the features that a pack uses.
public enum SenMLVersion {
  /// The version of RFC 8428: its bits 1 and 3 are reserved and stand for nothing further.
  public static let base: UInt64 = 10

  /// The feature of RFC 8798: secondary units.
  public static let secondaryUnits: UInt64 = 1 << 4

  /// Whether this reader may use a pack of this version: an older one, or one whose features it all knows.
  public static func isUnderstood(_ version: UInt64) -> Bool {
    version > 0 && (version <= base || version & ~(base | secondaryUnits) == 0)
  }
}

extension SenMLPack {
  /// The records of the pack, each standing for itself, in chronological order (RFC 8428, section 4.6).
  ///
  /// `now` is the time in seconds since 1970 that relative times are added to. A base field holds for its record and the
  /// later ones; a record with base fields only gives nothing; a time below 2²⁸ seconds, after its base time has been added, is
  /// relative. Records of one time keep the order of the pack. Throws, with record and label, for a version that is not
  /// understood or two of them, a name that is not allowed, a record without exactly one value (none is taken beside a
  /// sum), and sums that cannot be held exactly.
  public func resolved(now: SenMLNumber) throws(SenMLError) -> [SenMLRecord] {
    let version = try version()
    var base = Base()
    var out: [SenMLRecord] = []
    out.reserveCapacity(records.count)
    for (index, fields) in records.enumerated() {
      do throws(SenMLError) {
        base.take(fields)
        if fields.allSatisfy({ $0.label.isBase }) { continue }
        out.append(try base.resolve(fields, now: now, version: version))
      } catch { throw error.at(record: index) }
    }
    // The order of records of one time is that of the pack: sort is stable in effect by the index.
    return out.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }

  /// The version that the pack says, or 10.
  public func version() throws(SenMLError) -> UInt64 {
    var found: UInt64?
    for (index, fields) in records.enumerated() {
      for case .baseVersion(let version) in fields {
        guard found == nil || found == version else {
          throw SenMLError(.version, record: index, label: "bver", detail: "a second one, \(version)")
        }
        guard SenMLVersion.isUnderstood(version) else {
          throw SenMLError(.version, record: index, label: "bver", detail: "\(version)")
        }
        found = version
      }
    }
    return found ?? SenMLVersion.base
  }

  /// The base fields that hold.
  private struct Base {
    var name = ""
    var time: SenMLNumber?
    var unit: String?
    var value: SenMLNumber?
    var sum: SenMLNumber?

    mutating func take(_ fields: [Field]) {
      for field in fields {
        switch field {
        case .baseName(let text): name = text
        case .baseTime(let number): time = number
        case .baseUnit(let text): unit = text
        case .baseValue(let number): value = number
        case .baseSum(let number): sum = number
        default: break
        }
      }
    }

    /// Times below this are relative.
    private static let absolute = SenMLNumber(1 << 28)

    func resolve(_ fields: [Field], now: SenMLNumber, version: UInt64) throws(SenMLError) -> SenMLRecord {
      var name = self.name
      var unit = self.unit
      var values: [SenMLRecord.Value] = []
      var (ownSum, time, updateTime): (SenMLNumber?, SenMLNumber?, SenMLNumber?) = (nil, nil, nil)
      for field in fields {
        switch field {
        case .name(let text): name += text
        case .unit(let text): unit = text
        case .value(let number):
          guard let sum = number.adding(value ?? .zero) else { throw SenMLError(.number, label: "v") }
          values.append(.number(sum))
        case .text(let text): values.append(.text(text))
        case .bool(let flag): values.append(.bool(flag))
        case .data(let bytes): values.append(.data(bytes))
        case .sum(let number): ownSum = number
        case .time(let number): time = number
        case .updateTime(let number): updateTime = number
        case .baseVersion, .baseName, .baseTime, .baseUnit, .baseValue, .baseSum: break
        }
      }
      guard SenMLName.isName(name.utf8), name.utf8.count <= Limits.senmlNameBytes else {
        throw SenMLError(.name, label: "n", detail: SenMLError.quote(name))
      }
      guard values.count == 1 || values.isEmpty && ownSum != nil else {
        throw SenMLError(.valueCount, detail: "\(values.count) values")
      }
      if let updateTime, updateTime < .zero { throw SenMLError(.time, label: "ut", detail: "\(updateTime)") }
      var sum: SenMLNumber?
      if ownSum != nil || self.sum != nil {
        guard let total = (ownSum ?? .zero).adding(self.sum ?? .zero) else { throw SenMLError(.number, label: "s") }
        sum = total
      }
      guard var at = (time ?? .zero).adding(self.time ?? .zero) else { throw SenMLError(.time, label: "t") }
      if at < Self.absolute {
        guard let moment = at.adding(now) else { throw SenMLError(.time, label: "t") }
        at = moment
      }
      return SenMLRecord(
        name: name, unit: unit, value: values.first, sum: sum, time: at, updateTime: updateTime, version: version)
    }
  }
}
