import Primitives

/// The state as one statement sees it: everything sealed, everything earlier in its block, and its own writes.
///
/// Writes of a statement that is refused are undone. A key must belong to one of the contract's families.
public struct State {
  let base: any StateSource
  private(set) var writes: [(key: StateKey, value: [UInt8]?)] = []
  private(set) var failure: (any Error)?
  /// Where each key stands in `writes`, once there are too many to look through.
  private var places: [StateKey: Int] = [:]

  init(base: any StateSource) { self.base = base }

  /// The value under `key`, or nil.
  public subscript(key: StateKey) -> [UInt8]? {
    mutating get {
      if let place = place(of: key) { return writes[place].value }
      do {
        return try base.value(key)
      } catch {
        failure = failure ?? error
        return nil
      }
    }
  }

  /// Sets the value under `key`; nil removes it.
  public mutating func set(_ key: StateKey, _ value: [UInt8]?) {
    if key.bytes.count > Limits.keyBytes || (value?.count ?? 0) > Limits.valueBytes {
      failure = failure ?? LedgerError.limit("state value", value?.count ?? key.bytes.count, Limits.valueBytes)
      return
    }
    if let place = place(of: key) {
      writes[place].value = value
    } else {
      if writes.count == State.scanned {
        for (place, write) in writes.enumerated() { places[write.key] = place }
      }
      if writes.count >= State.scanned { places[key] = writes.count }
      writes.append((key, value))
    }
  }

  private static var scanned: Int { 8 }

  private func place(of key: StateKey) -> Int? {
    writes.count <= State.scanned ? writes.firstIndex { $0.key == key } : places[key]
  }

  /// All pairs whose keys begin with `prefix`, in order of their keys; costs a read for each.
  public mutating func list(_ prefix: StatePrefix) -> [(key: StateKey, value: [UInt8])] {
    do {
      var pairs: [StateKey: [UInt8]] = [:]
      for (key, value) in try base.list(prefix) { pairs[key] = value }
      for write in writes where write.key.bytes.starts(with: prefix.bytes) { pairs[write.key] = write.value }
      return pairs.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    } catch {
      failure = failure ?? error
      return []
    }
  }

  mutating func reset() {
    writes.removeAll(keepingCapacity: true)
    if !places.isEmpty { places.removeAll(keepingCapacity: true) }
    failure = nil
  }
}

/// Where `State` reads what earlier statements left.
protocol StateSource: AnyObject {
  func value(_ key: StateKey) throws -> [UInt8]?
  func list(_ prefix: StatePrefix) throws -> [(key: StateKey, value: [UInt8])]
}
