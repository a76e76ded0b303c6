public import Primitives

/// Why a store of codes cannot be opened, extended or written.
public enum PDQStoreError: Error, Sendable, Hashable, Explained {
  /// The system refuses something about the file.
  case file(path: String, reason: String)
  /// Another process has the file open.
  case inUse(path: String)
  /// There is no room for another code.
  case full(capacity: Int)

  /// What it says.
  public var explanation: Message {
    switch self {
    case .file(let path, let reason): "The file of picture codes \(path) cannot be used: \(reason)."
    case .inUse(let path): "The file of picture codes \(path) is in use by another process."
    case .full(let capacity): "There is room for \(capacity) picture codes, and all of it is taken."
    }
  }
}
