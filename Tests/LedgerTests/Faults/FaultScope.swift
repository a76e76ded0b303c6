import FaultVFS
import Foundation

/// Faults of the files under one folder; see `faultvfs.h`.
final class FaultScope: Sendable {
  enum Kind: Int32, CaseIterable, Sendable {
    case none = 0
    case error = 1
    case diskFull = 2
    case torn = 3
    case powerCut = 5
    case opening = 6
  }

  private let number: Int32

  init(_ folder: String) {
    precondition(fault_vfs_install() == 0, "the fault-injecting VFS cannot be registered")
    // SQLite gives the VFS the path without symbolic links.
    number = fault_scope_begin(URL(filePath: folder).resolvingSymlinksInPath().path + "/")
    precondition(number >= 0, "too many scopes of faults at once")
  }

  deinit { fault_scope_end(number) }

  /// Counts from zero, and strikes at the `place`-th operation; 0 only counts.
  func arm(_ kind: Kind, at place: Int, lasting: Bool = false) {
    fault_scope_arm(number, kind.rawValue, Int64(place), lasting ? 1 : 0)
  }

  func heal() { fault_scope_heal(number) }

  var operations: Int { Int(fault_scope_operations(number)) }
  var openings: Int { Int(fault_scope_openings(number)) }
  var struck: Int { Int(fault_scope_struck(number)) }

  /// From here on remembers what has not been synced.
  func track() { fault_scope_track(number) }

  /// What a disk keeps of what was not synced when the power goes.
  enum Rest: Int32, CaseIterable, Sendable {
    case nothing = 0
    case everything = 1
    case some = 2
  }

  /// Leaves the files as a disk would after the power went; every file must be closed.
  func settle(_ rest: Rest, seed: UInt64) { fault_scope_settle(number, rest.rawValue, seed) }
}

/// Rows changed behind the ledger's back.
enum Tamper {
  static func run(_ path: String, _ sql: String) -> Bool { tamper_run(path, sql) == 0 }

  static func select(_ path: String, _ sql: String) -> [[String]]? {
    guard let text = tamper_select(path, sql) else { return nil }
    defer { tamper_free(text) }
    return String(cString: text).split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }
}
