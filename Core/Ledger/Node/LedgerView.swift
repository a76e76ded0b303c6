import GRDB
public import Merkle
public import Primitives

/// The ledger as of one seal: immutable, so proofs of it are made on any thread while later blocks are executed.
public struct LedgerView: Sendable {
  /// The ledger's genesis.
  public let genesis: Genesis
  /// The seal that the view ends on.
  public let seal: Seal
  /// The configuration that the seal names.
  public let configuration: Configuration
  /// The log's root.
  public let root: Digest
  /// The log's size; the seal is the last entry.
  public let size: UInt64
  let sealEntry: [UInt8]
  let edge: TileTree
  let map: PatriciaMap
  let pending: PendingState
  let store: Store

  /// The number of keys in the state.
  public var stateCount: Int { map.count }
}

/// Reading the log and the state.
extension LedgerView {
  /// Searches the map, which may load subtrees from the store, before `read` takes a connection for the rest.
  func search<T>(_ body: (PatriciaMap) throws -> T) throws(LedgerError) -> T {
    do { return try body(map) } catch { throw Store.explain(error, store.path) }
  }

  func read<T: Sendable>(_ body: @Sendable (Database) throws -> T) throws(LedgerError) -> T {
    do { return try store.pool.read(body) } catch { throw Store.explain(error, store.path) }
  }

  /// The entries from `from` up to and without `to`, as far as the view goes.
  public func entries(from: UInt64, to: UInt64) throws(LedgerError) -> [[UInt8]] {
    let end = min(to, size)
    return try read { db in
      var entries: [[UInt8]] = []
      try Store.eachEntry(db, from: from, to: end) { _, entry in entries.append(Array(entry)) }
      return entries
    }
  }

  /// One entry, or nil beyond the view.
  public func entry(_ index: UInt64) throws(LedgerError) -> [UInt8]? {
    guard index < size else { return nil }
    return try read { try Store.entry($0, index) }
  }

  /// The hashes of a tile as it stands in the view; `width` of them.
  public func tile(_ id: TileID) throws(LedgerError) -> [Digest] {
    try read { try StoredTiles(db: $0, edge: edge).tile(id) }
  }

  /// The proof that the log of `from` entries is the beginning of that of `to`.
  public func consistency(from: UInt64, to: UInt64) throws(LedgerError) -> ConsistencyProof {
    guard from <= to, to <= size else {
      throw LedgerError(.notFound, "The log has \(size) entries, there is no consistency from \(from) to \(to).")
    }
    return try read { db in
      var prover = TileProver(size: to, reader: StoredTiles(db: db, edge: edge))
      return try prover.consistency(from: from)
    }
  }

  /// The inclusion path of an entry in the log as it was at `size`.
  func path(_ db: Database, index: UInt64, size: UInt64) throws -> [Digest] {
    var prover = TileProver(size: size, reader: StoredTiles(db: db, edge: edge))
    return try prover.inclusion(index: index).path
  }

  /// The root that the log had at an earlier size.
  public func root(at size: UInt64) throws(LedgerError) -> Digest {
    if size == self.size { return root }
    return try read { db in
      var prover = TileProver(size: size, reader: StoredTiles(db: db, edge: edge))
      return try prover.root()
    }
  }

  /// The place of the statement with this id, or nil.
  public func index(of id: Digest) throws(LedgerError) -> UInt64? {
    try read { db in
      var places = try Store.places(db, idPrefix: id.prefix64)
      let folded = try Store.metaNumber(db, Store.foldHeightName) ?? 0
      if places.isEmpty {
        let rows = try SQL(db, "SELECT first, ids FROM block WHERE height > ? ORDER BY height").bind(.number(folded))
        let prefix = withUnsafeBytes(of: id.prefix64.bigEndian) { Array($0) }
        while try rows.next() {
          let first = rows.number(0)
          rows.withBytes(1) { ids in
            for (offset, start) in stride(from: 8, to: ids.count, by: 16).enumerated()
            where ids[start..<start + 8].elementsEqual(prefix) {
              places.append(first + UInt64(offset))
            }
          }
        }
      }
      for place in places where place < size {
        if let entry = try Store.entry(db, place), let content = try? StatementContent(entry), content.id == id {
          return place
        }
      }
      return nil
    }
  }

  /// The value under a key as of the view, or nil.
  public func value(_ key: StateKey) throws(LedgerError) -> [UInt8]? {
    let commitment = try search { try $0.value(for: key.bytes) }
    return try read { db in try leaf(db, key, commitment: commitment)?.value }
  }

  /// All pairs under a prefix as of the view, in order.
  public func list(_ prefix: StatePrefix) throws(LedgerError) -> [(key: StateKey, value: [UInt8])] {
    let pairs = try search { try $0.scan(prefix: prefix.bytes) }
    return try read { db in
      try pairs.compactMap { pair in
        let key = StateKey(bytes: pair.key)
        return try leaf(db, key, commitment: pair.value)?.value.map { (key: key, value: $0) }
      }
    }
  }

  /// The blind and value that stand behind a commitment of the map.
  private func leaf(_ db: Database, _ key: StateKey, commitment: Digest?) throws -> ProofBundle.Leaf? {
    guard let commitment else { return nil }
    let found: ProofBundle.Leaf?
    if let version = pending.version(key, at: seal.height) {
      found = version.value.map { .open(blind: version.blind, value: $0) }
    } else {
      found = try Store.stateRow(db, key).map { .open(blind: $0.blind, value: $0.value) }
    }
    guard let found, found.commitment == commitment else {
      // A fold past this view's height has replaced the row: the caller asks the newer view.
      throw LedgerError(.unavailable, "The ledger has moved on while the answer was made. Ask again.")
    }
    return found
  }
}

/// What a proof is to show.
public struct ProofRequest: Sendable {
  /// The question that the answer belongs to.
  public var question: [String]
  /// Statements by index.
  public var statements: Set<UInt64> = []
  /// Keys, present or absent.
  public var keys: [StateKey] = []
  /// Complete lists.
  public var prefixes: [StatePrefix] = []
  /// Statements whose documents beside the log are shown.
  public var documents: Set<UInt64> = []
  /// What the application adds for its own check of the answer, such as a path inside a batch.
  public var evidence: [[UInt8]] = []
  /// Keys whose values are withheld from whoever asks.
  public var withheld: @Sendable (StateKey) -> Bool = { _ in false }

  /// A request for nothing yet.
  public init(question: [String]) { self.question = question }
}

extension LedgerView {
  /// Makes the bundle for a request, under a note over this view's checkpoint.
  func prove(_ request: ProofRequest, note: [UInt8], chain: [ProofBundle.Link]) throws(LedgerError) -> ProofBundle {
    let keys = try search { map in try request.keys.map { (key: $0, found: try map.lookup($0.bytes)) } }
    let lists = try search { map in try request.prefixes.map { try map.prefixProof($0.bytes) } }
    return try read { db in
      var prover = TileProver(size: size, reader: StoredTiles(db: db, edge: edge))
      var bundle = ProofBundle(
        question: request.question, note: note, seal: sealEntry,
        sealPath: try prover.inclusion(index: size - 1).path, chain: chain)
      for index in request.statements.union(request.documents).sorted() {
        guard index < size, let entry = try Store.entry(db, index) else {
          throw LedgerError(.notFound, "The log has no entry \(index); it ends at \(size).")
        }
        bundle.statements.append(
          ProofBundle.Entry(index: index, bytes: entry, path: try prover.inclusion(index: index).path))
      }
      for (key, found) in keys {
        let proof = found.proof.bytes
        if let leaf = try leaf(db, key, commitment: found.value) {
          let shown = request.withheld(key) ? ProofBundle.Leaf.withheld(leaf.commitment) : leaf
          bundle.present.append(ProofBundle.Present(key: key.bytes, leaf: shown, proof: proof))
        } else {
          bundle.absent.append(ProofBundle.Absent(key: key.bytes, proof: proof))
        }
      }
      for (prefix, answer) in zip(request.prefixes, lists) {
        bundle.prefixes.append(
          ProofBundle.Prefix(
            prefix: prefix.bytes, proof: answer.proof.bytes,
            pairs: try answer.pairs.compactMap { pair in
              let key = StateKey(bytes: pair.key)
              guard let leaf = try leaf(db, key, commitment: pair.value) else { return nil }
              return ProofBundle.Pair(
                key: pair.key, leaf: request.withheld(key) ? .withheld(leaf.commitment) : leaf)
            }))
      }
      for index in request.documents.sorted() {
        guard let entry = bundle.statements.first(where: { $0.index == index }),
          let digest = Digest((try StatementContent(entry.bytes)).payload),
          let document = try Store.document(db, digest)
        else {
          throw LedgerError(.notFound, "The document of entry \(index) is not kept here, or has been erased.")
        }
        bundle.documents.append(ProofBundle.Document(index: index, salt: document.salt, bytes: document.bytes))
      }
      bundle.evidence = request.evidence
      return bundle
    }
  }
}
