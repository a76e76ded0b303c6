internal import Foundation
internal import Primitives

/// What a registry of financed invoices compares: the same for the same business invoice, whatever its bytes.
///
/// Two texts: `exact` names one invoice, and `similar` all that one seller gave one number. The form is fixed by its
/// first field, 1; a change of the rules is a new number, so that tokens of two rules never meet by chance.
public struct CanonicalFields: Sendable, Hashable {
  /// `1|seller|buyer|number|date of issue|currency|amount due`.
  public let exact: String
  /// `1|seller|number`.
  public let similar: String

  /// The fields of an invoice or a credit note.
  ///
  /// A party is its legal registration, else its tax registration, else its electronic address, else its first
  /// identifier, else its name. The amount has two decimals, more only where the currency has them.
  public init(_ invoice: Invoice) {
    let seller = CanonicalFields.party(invoice.seller)
    let number = CanonicalFields.identifier(invoice.number)
    let payable = invoice.payable
    let decimals = max(2, payable.currency.exponent)
    let amount = payable.decimal.text(decimals: decimals) ?? payable.text
    let buyer = CanonicalFields.party(invoice.buyer)
    exact = "1|\(seller)|\(buyer)|\(number)|\(invoice.issueDate)|\(payable.currency)|\(amount)"
    similar = "1|\(seller)|\(number)"
  }

  /// The coarser text for a seller and one of its numbers.
  public static func similar(seller: Party, number: String) -> String { "1|\(party(seller))|\(identifier(number))" }

  /// A party's identifier, else its name, in canonical form.
  public static func party(_ party: Party) -> String {
    let id = party.registryID.map { identifier($0) } ?? ""
    return id.isEmpty ? name(party.displayName ?? "") : id
  }

  /// An identifier or a number: compatibility characters folded (NFKC), upper case, only 0-9 and A-Z kept.
  ///
  /// Where nothing of these is left, letters of scripts without case are kept, so that two Chinese texts stay two.
  public static func identifier(_ text: String) -> String {
    let folded = folded(text)
    let plain = folded.unicodeScalars.filter { isPlain($0) }
    return plain.isEmpty ? name(text) : String(String.UnicodeScalarView(plain))
  }

  /// A name: as an identifier, but letters of scripts without case, as Chinese ones, are kept.
  public static func name(_ text: String) -> String {
    let kept = folded(text).unicodeScalars.filter {
      isPlain($0) || ($0.properties.isAlphabetic && $0.properties.generalCategory == .otherLetter)
    }
    return String(String.UnicodeScalarView(kept))
  }

  private static func folded(_ text: String) -> String { text.precomposedStringWithCompatibilityMapping.uppercased() }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar) || ("A"..."Z").contains(scalar)
  }
}
