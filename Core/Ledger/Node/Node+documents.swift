import GRDB
public import Primitives

/// Documents beside the log.
extension Node {
  /// Keeps a document with its salt, found again by the digest that its hash envelope carries.
  public nonisolated func keep(document: [UInt8], salt: [UInt8]) throws(LedgerError) {
    guard document.count <= Limits.documentBytes else {
      throw LedgerError.limit("document", document.count, Limits.documentBytes)
    }
    guard salt.count == HashEnvelope.saltBytes else {
      throw LedgerError(.malformed, "The salt of a document has \(salt.count) bytes, not \(HashEnvelope.saltBytes).")
    }
    do { try store.pool.write { db in try Store.put(db, document: document, salt: salt) } } catch {
      throw Store.explain(error, store.path)
    }
  }

  /// The document whose salted digest this is, with its salt; nil when it is not kept here or has been erased.
  public nonisolated func document(_ digest: Digest) throws(LedgerError) -> (salt: [UInt8], bytes: [UInt8])? {
    do { return try store.pool.read { db in try Store.document(db, digest) } } catch {
      throw Store.explain(error, store.path)
    }
  }

  /// Erases a document and its salt from this member's copy; every proof stays valid. Gives whether there was one.
  public nonisolated func erase(document digest: Digest) throws(LedgerError) -> Bool {
    do {
      let erased = try store.pool.write { db in try Store.erase(db, digest) }
      // The write-ahead log still has the old pages until it is written back and cut.
      try store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
      return erased
    } catch { throw Store.explain(error, store.path) }
  }
}
