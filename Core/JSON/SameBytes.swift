/// Whether two texts have the same UTF-8 bytes.
///
/// `==` on String compares under canonical equivalence, by which a Kelvin sign is a K; names of members are compared
/// by this instead.
public func sameBytes(_ a: String, _ b: String) -> Bool {
  a.utf8.count == b.utf8.count && a == b && a.utf8.elementsEqual(b.utf8)
}
