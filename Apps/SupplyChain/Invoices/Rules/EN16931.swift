public import Primitives

/// The rules of EN 16931-1 for an invoice or a credit note in UBL 2.1 (CEN/TS 16931-3-2).
///
/// The checks agree with release 1.3.16 of the European Commission's own, with three exceptions: the currencies STN and
/// XAD of ISO 4217, which its list lacks, pass; BR-DEC-13 and BR-DEC-15, which there can never fail, are checked; and
/// BR-CO-25, which the standard has and that release has dropped, is checked on invoices. The warnings about elements
/// and attributes that the core model does not use (UBL-CR, UBL-DT from 08 on) are not given.
public enum EN16931 {
  /// What a document breaks, in the order of the document; empty if it keeps every rule.
  ///
  /// The document may be in part only: each rule then says about its own part. Linear in the document's size times the
  /// number of its VAT categories.
  public static func findings(in root: XMLElement) -> [Finding] {
    var checker = RuleChecker(root: UBLNode(root: root))
    checker.run()
    return checker.findings
  }

  /// The codes of all rules that are checked, sorted.
  public static let rules: [String] = RuleSentences.codes.sorted()

  /// What a rule demands; nil for a code that is not checked.
  public static func sentence(of rule: String) -> Message? { RuleSentences.sentence(of: rule) }
}
