package import CBOR
package import COSE
package import Ledger
package import Primitives

/// Why something cannot be sealed, or not be opened.
package enum SealingError: Error, Sendable, Equatable, Explained {
  /// More than `Sealed.plainBytes` bytes.
  case tooLong(Int)
  /// More than `Sealed.readers` readers, or none.
  case readers(Int)
  /// A reader's public key is none.
  case badKey
  /// The key is not one of the readers', or the ciphertext is damaged.
  case notAReader
  /// The ciphertext says something else than what was committed to.
  case otherThanCommitted

  package var explanation: Message {
    switch self {
    case .tooLong(let count): "\(count) bytes cannot be sealed: at most \(Sealed.plainBytes) can"
    case .readers(let count): "nothing can be sealed to \(count) readers: there must be 1 to \(Sealed.readers)"
    case .badKey: "a reader's sealing key is none"
    case .notAReader: "the text is not sealed to this key, or is damaged"
    case .otherThanCommitted: "the sealed text is not the one that was committed to"
    }
  }
}

/// What is hidden from some of the members that execute: sealed to its readers, who each open it with their own key.
///
/// The ciphertext is, in bytes: the number of slots; each slot, a content key under HPKE (RFC 9180) for one reader; then
/// salt and plain text under the content key. It names no reader: slots stand in the order of their bytes, are filled
/// up to a multiple of four with ones that nobody opens, and a reader tries each. The plain text is filled up to a
/// multiple of 64 bytes, so that its length tells little.
extension Sealed {
  /// The longest plain text.
  package static let plainBytes = 512
  /// The most readers.
  package static let readers = 16
  private static let slotBytes = 32 + HybridEncryption.overhead
  private static let info = Array("tallystick sealed v1".utf8)

  /// Seals a text to its readers.
  ///
  /// - Parameters:
  ///   - salt: 32 bytes that only the readers learn.
  ///   - readers: their public sealing keys, 32 bytes each.
  ///   - seed: what the ephemeral keys follow from, for runs under a seed; from the system's random numbers if nil.
  package init(
    _ plain: [UInt8], salt: [UInt8], to readers: [[UInt8]], seed: [UInt8]? = nil
  ) throws(SealingError) {
    guard plain.count <= Sealed.plainBytes else { throw .tooLong(plain.count) }
    guard (1...Sealed.readers).contains(readers.count) else { throw .readers(readers.count) }
    self.init(plain, salt: salt)
    func key(_ label: String) -> SealingKey { seed.map { .derive(seed: $0, label: label) } ?? .generate() }
    let content = key("content").publicKey
    let fillers = (readers.count + 3) / 4 * 4 - readers.count
    let keys = readers + (0..<fillers).map { key("filler \($0)").publicKey }
    let (commitment, bound) = (commitment, Sealed.info)
    do {
      var slots: [[UInt8]] = []
      for (place, reader) in keys.enumerated() {
        let slot =
          seed == nil
          ? try HybridEncryption.seal(content, to: reader, info: bound, authenticating: commitment.bytes)
          : try HybridEncryption.seal(
            content, to: reader, info: bound, authenticating: commitment.bytes, ephemeral: key("slot \(place)"))
        slots.append(slot)
      }
      slots.sort { $0.lexicographicallyPrecedes($1) }
      var text = salt + [UInt8(plain.count >> 8), UInt8(plain.count & 0xff)] + plain
      text += [UInt8](repeating: 0, count: (64 - text.count % 64) % 64)
      ciphertext =
        [UInt8(slots.count)] + slots.flatMap { $0 }
        + (try HybridEncryption.seal(text, once: content, authenticating: commitment.bytes))
    } catch { throw .badKey }
  }

  /// The plain text and its salt, for one of the readers.
  package func open(with key: SealingKey) throws(SealingError) -> (plain: [UInt8], salt: [UInt8]) {
    guard let count = ciphertext.first.map(Int.init), (1...Sealed.readers).contains(count),
      ciphertext.count > 1 + count * Sealed.slotBytes
    else { throw .notAReader }
    let body = Array(ciphertext[(1 + count * Sealed.slotBytes)...])
    for place in 0..<count {
      let start = 1 + place * Sealed.slotBytes
      let slot = Array(ciphertext[start..<start + Sealed.slotBytes])
      guard
        let content = try? HybridEncryption.open(
          slot, with: key, info: Sealed.info, authenticating: commitment.bytes),
        let text = try? HybridEncryption.open(body, once: content, authenticating: commitment.bytes)
      else { continue }
      guard text.count >= 34 else { throw .otherThanCommitted }
      let length = Int(text[32]) << 8 | Int(text[33])
      guard text.count >= 34 + length else { throw .otherThanCommitted }
      let (salt, plain) = (Array(text[..<32]), Array(text[34..<34 + length]))
      // Whoever sealed it may have committed to one thing and told its readers another.
      guard commits(to: plain, salt: salt) else { throw .otherThanCommitted }
      return (plain, salt)
    }
    throw .notAReader
  }
}

/// A party's public sealing key: others seal to it what only it and its like may read.
package struct SealingNotice: Document {
  package static let kind = "sealing-key"
  /// An X25519 public key, 32 bytes.
  package var key: [UInt8] = []

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.bytes(&key, 32...32)
  }
}

extension SupplyChainContract {
  /// Everyone who acts, members and holders' keys alike, says what to seal to; the last word counts.
  func notice(_ notice: SealingNotice, _ actor: Actor, _ state: inout State) {
    state.put(Family.sealingKeys.key(.sha256(actor.party)), notice)
  }
}

extension Sealed {
  /// Every sealed field of a statement, in order; throws if its payload cannot be read.
  package static func all(in statement: StatementContent) throws(CBORError) -> [Sealed] {
    let payload = statement.payload
    switch statement.header.contentType {
    case TradeFiling.contentType: return [try TradeFiling(decoding: payload).content]
    case InvoiceFiling.contentType: return [try InvoiceFiling(decoding: payload).content]
    case GoodsReceipt.contentType: return [try GoodsReceipt(decoding: payload).content]
    case Bid.contentType: return [try Bid(decoding: payload).terms]
    case KeysAdmission.contentType: return try KeysAdmission(decoding: payload).keys.map(\.holder)
    default: return []
    }
  }
}
