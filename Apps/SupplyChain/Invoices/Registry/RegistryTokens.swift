public import Primitives

/// The key of a consortium that registry tokens are made under.
///
/// Number, amount and date of an invoice can be guessed, so a plain hash would tell whether it is registered; only who
/// has the key can make a token. The id goes with each token, so that keys can be changed.
public struct RegistryKey: Sendable {
  /// The key's public name.
  public let id: String
  private let key: HMACSHA256Key

  /// A key of 32 secret bytes, or more; nil for fewer.
  public init?(id: String, secret: [UInt8]) {
    guard secret.count >= 32 else { return nil }
    self.id = id
    key = HMACSHA256Key(secret)
  }

  /// The tokens of an invoice or a credit note.
  public func tokens(of invoice: Invoice) -> RegistryTokens {
    let fields = CanonicalFields(invoice)
    return RegistryTokens(
      keyID: id, exact: key.code(for: Array(fields.exact.utf8)), similar: key.code(for: Array(fields.similar.utf8)))
  }

  /// The coarser token of an invoice that is known by its seller and its number alone, as a credit note names it.
  public func similar(seller: Party, number: String) -> Digest {
    code(for: CanonicalFields.similar(seller: seller, number: number))
  }

  /// A keyed name of something else of the trade, such as an order or a bank's entry.
  ///
  /// The text begins with a word of its own, so that it never is an invoice's canonical text, which begins with 1.
  public func code(for text: String) -> Digest { key.code(for: Array(text.utf8)) }
}

/// What a registry stores of an invoice instead of the invoice.
public struct RegistryTokens: Sendable, Hashable {
  /// The key that the tokens are made under.
  public let keyID: String
  /// Equal for the same business invoice: an exact match blocks a second financing.
  public let exact: Digest
  /// Equal for the same seller and number: a similar match warns and needs a reason.
  public let similar: Digest

  /// Tokens that were stored.
  public init(keyID: String, exact: Digest, similar: Digest) {
    (self.keyID, self.exact, self.similar) = (keyID, exact, similar)
  }
}
