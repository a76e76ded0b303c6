internal import FoundationEssentials
import GRDB
internal import Synchronization
public import Primitives

#if canImport(Glibc)
  internal import Glibc
#endif

/// A member's folder: its keys, its copy of the genesis, its ledger, and the lock that one process holds.
///
///     <folder>/genesis.cbor  statement.pem  log.pem  cosignature.pem  ledger.sqlite  tokens.json  lock
public struct MemberFolder: Sendable {
  /// The folder.
  public let path: String
  /// The member's name, which is the folder's.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The folder at `path`; nothing is looked at yet.
  public init(path: String) { self.path = path }

  /// The ledger's file.
  public var ledger: String { path + "/ledger.sqlite" }

  /// Makes the folder with keys, genesis and a ledger of one entry.
  public func found(genesis: Genesis, keys: MemberKeys) throws(LedgerError) {
    try keys.save(in: path)
    try adopt(genesis)
  }

  /// Whether the folder has keys and no ledger yet: its member is joining, and has not followed so far.
  public var isWaitingForGenesis: Bool {
    let files = FileManager.default
    return files.fileExists(atPath: path + "/statement.pem") && !files.fileExists(atPath: ledger)
  }

  /// Makes a ledger of one entry, the genesis, in a folder that has keys; throws if it holds another genesis.
  public func adopt(_ genesis: Genesis) throws(LedgerError) {
    let file = path + "/genesis.cbor"
    if let kept = FileManager.default.contents(atPath: file) {
      guard Array(kept) == genesis.encoded() else {
        throw LedgerError(
          .diverged, "\(path) holds the genesis of another ledger than '\(genesis.origin)'. Use another folder.")
      }
    } else {
      do { try Data(genesis.encoded()).write(to: URL(filePath: file), options: .withoutOverwriting) } catch {
        throw LedgerError(.unavailable, "The genesis cannot be written to \(path): \(FileTrouble.reason(error)).")
      }
    }
    let store = try Store(path: ledger)
    try Opening.found(store, genesis: genesis)
    store.close()
  }

  /// What the member holds as the ledger's beginning.
  public func genesis() throws(LedgerError) -> Genesis {
    guard let data = FileManager.default.contents(atPath: path + "/genesis.cbor") else {
      throw LedgerError(.unavailable, "There is no ledger in \(path): genesis.cbor is missing. Run init first.")
    }
    return try Genesis(decoding: Array(data)[...])
  }

  /// The member's keys.
  public func keys() throws(LedgerError) -> MemberKeys { try .load(name: name, from: path) }

  /// Opens the member's node; hold the lock meanwhile.
  public func open(suite: ContractSuite, clock: any WallClock) async throws(LedgerError) -> Node {
    let genesis = try genesis()
    guard genesis.contract == suite.id else {
      throw LedgerError(
        .unavailable,
        "\(path) belongs to the application '\(genesis.contract)', not to '\(suite.id)'. Use that program, "
          + "or another folder.")
    }
    guard FileManager.default.fileExists(atPath: ledger) else {
      throw LedgerError(.unavailable, "There is no ledger in \(path): ledger.sqlite is missing. Run init first.")
    }
    return try await Node(path: ledger, suite: suite, keys: try keys(), member: name, clock: clock, genesis: genesis)
  }
}

extension MemberFolder {
  /// The newest configuration in this member's copy, and the log's origin; without the member's keys or lock.
  public func configuration(suite: ContractSuite) async throws(LedgerError) -> (Configuration, origin: String) {
    let genesis = try genesis()
    let store = try Store(path: ledger)
    defer { store.close() }
    do {
      return try await store.pool.read { db in
        guard let last = try Store.lastBlock(db), last.height > 0, let entry = try Store.entry(db, last.size - 1) else {
          return (genesis.configuration, genesis.origin)
        }
        let epoch = try Seal(decoding: entry[...]).epoch
        guard epoch > 0 else { return (genesis.configuration, genesis.origin) }
        let key = Membership.configurations.key(order: epoch)
        guard let bytes = try Store.currentValue(db, key) else {
          throw LedgerError(.damaged, "The configuration of epoch \(epoch) is missing in \(path). Run audit.")
        }
        return (try Configuration(decoding: bytes[...]), genesis.origin)
      }
    } catch { throw Store.explain(error, ledger) }
  }

  /// Audits this member's copy; see `Auditor`.
  public func audit(
    suite: ContractSuite, progress: @Sendable (UInt64, UInt64) -> Void = { _, _ in }
  ) async throws(LedgerError) -> AuditReport {
    let genesis = try genesis()
    guard genesis.contract == suite.id else {
      throw LedgerError(
        .unavailable,
        "\(path) belongs to the application '\(genesis.contract)', not to '\(suite.id)'. Use that program.")
    }
    return try await Auditor(path: ledger, suite: suite, genesis: genesis).run(progress: progress)
  }
}

/// A lock on a member's folder, held by one process until it ends or lets go.
public final class FolderLock: Sendable {
  private let descriptor: Int32
  private let isHeld = Mutex(true)

  /// Takes the lock, or says who has it.
  ///
  /// - Parameter note: what to tell others meanwhile, for instance the address of a server.
  public init(_ folder: MemberFolder, note: String = "") throws(LedgerError) {
    let path = folder.path + "/lock"
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw LedgerError(
        .unavailable,
        "The folder \(folder.path) cannot be written (\(String(cString: strerror(errno)))). Check that it "
          + "exists and is yours.")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var buffer = [UInt8](repeating: 0, count: 512)
      let count = max(0, read(descriptor, &buffer, buffer.count))
      Glibc.close(descriptor)
      let holder = String(decoding: buffer[..<count], as: UTF8.self)
      throw LedgerError(
        .busy,
        "Another process holds the folder \(folder.path)\(holder.isEmpty ? "" : ": \(Message(said: holder))" as Message). "
          + "Use its address, or stop it first.")
    }
    self.descriptor = descriptor
    write(note)
  }

  /// Replaces what others are told.
  public func write(_ note: String) {
    _ = ftruncate(descriptor, 0)
    let bytes = Array(note.utf8)
    _ = pwrite(descriptor, bytes, bytes.count, 0)
  }

  /// Lets go; the same as the last reference going away.
  public func release() {
    isHeld.withLock { held in
      guard held else { return }
      // A process that is being started has the descriptor too until it runs its program: closing alone would leave it the lock.
      _ = flock(descriptor, LOCK_UN)
      Glibc.close(descriptor)
      held = false
    }
  }

  deinit { release() }
}
