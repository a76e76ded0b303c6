internal import FoundationEssentials
public import Ledger
internal import Primitives
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// The access tokens of a member's server, in `tokens.json` of its folder (mode 0600).
///
/// A token is `ts_` and 64 hexadecimal digits; the file keeps only the SHA-256 of its 32 random bytes. A running server
/// sees tokens that another process makes or revokes: the file is read again when it has changed.
public final class AccessTokens: Sendable {
  /// What is kept of a token.
  public struct Token: Sendable, Hashable, Codable {
    /// A short name for `revoke` and lists: 16 hexadecimal digits.
    public let id: String
    /// Whom it was made for: a member's name, or a regulator's or reader's.
    public let subject: String
    /// What it allows.
    public let role: Caller.Role
    /// When it was made, milliseconds since 1970.
    public let created: UInt64
    /// SHA-256 of the secret in hexadecimal.
    let secret: String
  }

  private struct State {
    var tokens: [Token] = []
    var stamp: FileStatus?
  }

  /// Tokens that a folder may have: `check` compares with each.
  public static let limit = 1000

  /// The file.
  public let path: String
  private let state = Mutex(State())

  /// The tokens of a member's folder; a missing file means none so far.
  public convenience init(_ folder: MemberFolder) throws(LedgerError) {
    try self.init(path: folder.path + "/tokens.json")
  }

  /// The tokens in a file; a missing file means none so far.
  ///
  /// Throws `.unavailable` for a file that others can read, and `.malformed` for one that is not what `make` writes.
  public init(path: String) throws(LedgerError) {
    self.path = path
    let state = try load()
    self.state.withLock { $0 = state }
  }

  /// Makes a token and gives its bearer text, which is not kept and cannot be shown again.
  ///
  /// - Parameters:
  ///   - subject: 1 to 64 of `a-z 0-9 . -`; for the role `.member` the member's name.
  ///   - time: milliseconds since 1970.
  public func make(subject: String, role: Caller.Role, time: UInt64) throws(LedgerError) -> String {
    guard Member.isValidName(subject) else {
      throw LedgerError(.malformed, "The name '\(subject)' is not 1 to 64 of a-z, 0-9, '.' and '-'.")
    }
    var generator = SystemRandomNumberGenerator()
    let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let id = Hex.encode((0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) })
    let token = Token(id: id, subject: subject, role: role, created: time, secret: Digest.sha256(secret).hex)
    try change { tokens throws(LedgerError) in
      guard tokens.count < AccessTokens.limit else {
        throw LedgerError(.limit, "There are \(tokens.count) tokens, the limit is \(AccessTokens.limit). Revoke some.")
      }
      tokens.append(token)
    }
    return AccessTokens.prefix + Hex.encode(secret)
  }

  /// Ends a token; throws `.notFound` for an id that there is not.
  public func revoke(_ id: String) throws(LedgerError) {
    try change { tokens throws(LedgerError) in
      guard let place = tokens.firstIndex(where: { $0.id == id }) else {
        throw LedgerError(.notFound, "There is no token \(id) in \(path).")
      }
      tokens.remove(at: place)
    }
  }

  /// The tokens, oldest first.
  public func list() throws(LedgerError) -> [Token] {
    try refresh()
    return state.withLock { $0.tokens }
  }

  /// Who holds a bearer text, or nil.
  ///
  /// Takes the same time whichever token matches. A file that has become unreadable ends every token.
  public func check(_ bearer: String) -> Caller? {
    guard bearer.hasPrefix(AccessTokens.prefix), bearer.utf8.count == AccessTokens.prefix.utf8.count + 64,
      let secret = Hex.decode(bearer.dropFirst(AccessTokens.prefix.count)), (try? refresh()) != nil
    else { return nil }
    let digest = Array(Digest.sha256(secret).hex.utf8)
    return state.withLock { state in
      var found: Caller?
      for token in state.tokens {
        var difference: UInt8 = token.secret.utf8.count == digest.count ? 0 : 1
        for (a, b) in zip(token.secret.utf8, digest) { difference |= a ^ b }
        if difference == 0 { found = Caller(name: token.subject, role: token.role) }
      }
      return found
    }
  }

  private static let prefix = "ts_"

  // MARK: The file

  private func refresh() throws(LedgerError) {
    let known = state.withLock { $0.stamp }
    guard try stamp() != known else { return }
    let fresh = try load()
    state.withLock { $0 = fresh }
  }

  private func stamp() throws(LedgerError) -> FileStatus? {
    let status: FileStatus?
    do { status = try FileStatus.of(path) } catch {
      throw LedgerError(.unavailable, "The tokens in \(path) cannot be read (\(error.reason)).")
    }
    guard let status else { return nil }
    guard status.permissions & 0o077 == 0 else {
      throw LedgerError(
        .unavailable, "The file \(path) can be read by others. Make it yours alone: chmod 600 \(path).")
    }
    return status
  }

  private func load() throws(LedgerError) -> State {
    guard let stamp = try stamp() else { return State() }
    guard let data = FileManager.default.contents(atPath: path),
      let tokens = try? JSONDecoder().decode([Token].self, from: data)
    else { throw LedgerError(.malformed, "The file \(path) is no list of tokens. Remove it and make tokens anew.") }
    return State(tokens: tokens, stamp: stamp)
  }

  private func change(_ body: (inout [Token]) throws(LedgerError) -> Void) throws(LedgerError) {
    // The lock on the file keeps two processes from overwriting each other's change.
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
      if lock >= 0 { close(lock) }
      throw LedgerError(.unavailable, "The tokens in \(path) cannot be written (\(String(cString: strerror(errno)))).")
    }
    defer { close(lock) }
    var fresh = try load()
    try body(&fresh.tokens)
    try save(fresh.tokens)
    fresh.stamp = try stamp()
    let result = fresh
    state.withLock { $0 = result }
  }

  private func save(_ tokens: [Token]) throws(LedgerError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(tokens) else { return }
    let bytes = Array(data)
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    var written = 0
    if file >= 0 {
      while written < bytes.count {
        let count = bytes.withUnsafeBytes { raw in
          write(file, UnsafeRawBufferPointer(rebasing: raw[written...]).baseAddress, bytes.count - written)
        }
        if count <= 0 { break }
        written += count
      }
    }
    let isDone = file >= 0 && written == bytes.count && fsync(file) == 0
    if file >= 0 { close(file) }
    guard isDone, rename(temporary, path) == 0 else {
      throw LedgerError(.unavailable, "The tokens in \(path) cannot be written (\(String(cString: strerror(errno)))).")
    }
  }
}
