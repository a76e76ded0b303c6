internal import Primitives

extension TrustPolicy {
  /// Bytes of a policy that are read: room for 64 logs and 64 witnesses with ML-DSA keys, twice.
  public static let maximumBytes = 512 << 10

  /// Reads a policy file.
  ///
  /// Every line ends in a line feed; items are parted by spaces and tabs; lines that are empty or whose first item begins
  /// with `#` are ignored. Throws `TrustPolicyError` with the number of the first line that breaks a rule.
  public init(parsing bytes: [UInt8]) throws(TrustPolicyError) {
    guard bytes.count <= Self.maximumBytes else { throw TrustPolicyError(.tooLarge(bytes: bytes.count)) }
    var draft = Draft()
    var rest = bytes[...]
    var number = 0
    while !rest.isEmpty {
      number += 1
      do throws(TrustPolicyFault) {
        // A file cut short could end in a shorter name that is defined as well.
        guard let line = NoteText.nextLine(&rest) else { throw .missingFinalNewline }
        try Self.read(line, into: &draft)
      } catch { throw TrustPolicyError(error, line: number) }
    }
    guard draft.quorum != nil else { throw TrustPolicyError(.missingQuorum) }
    self.init(draft)
  }

  private static func read(_ line: ArraySlice<UInt8>, into draft: inout Draft) throws(TrustPolicyFault) {
    if let octet = line.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) { throw .octet(octet) }
    let items = line.split { $0 == NoteText.space || $0 == 0x09 }
    guard let first = items.first, first.first != 0x23 else { return }
    guard let keyword = Keyword(rawValue: String(decoding: first, as: UTF8.self)) else {
      throw .keyword(OctetText(octets: first))
    }
    switch keyword {
    case .log:
      guard (2...3).contains(items.count) else { throw .form(.log) }
      try draft.add(Log(key: key(items[1]), url: items.count == 3 ? OctetText(octets: items[2]) : nil))
    case .witness:
      guard (3...4).contains(items.count) else { throw .form(.witness) }
      let url = items.count == 4 ? OctetText(octets: items[3]) : nil
      try draft.add(Witness(name: OctetText(octets: items[1]), key: key(items[2]), url: url))
    case .group:
      guard items.count >= 3 else { throw .form(.group) }
      let members = items[3...].map { OctetText(octets: $0) }
      let threshold = try threshold(items[2], members: members.count)
      try draft.add(Group(name: OctetText(octets: items[1]), threshold: threshold, members: members))
    case .quorum:
      guard items.count == 2 else { throw .form(.quorum) }
      let name = OctetText(octets: items[1])
      try draft.setQuorum(name == Draft.none ? nil : name)
    }
  }

  private static func key(_ item: ArraySlice<UInt8>) throws(TrustPolicyFault) -> VerifierKey {
    do { return try VerifierKey(parsing: item) } catch { throw .key(error) }
  }

  private static func threshold(_ item: ArraySlice<UInt8>, members: Int) throws(TrustPolicyFault) -> Int {
    switch String(decoding: item, as: UTF8.self) {
    case "any": return 1
    // An empty group is refused by its name afterwards.
    case "all": return members
    default:
      guard let k = NoteText.decimal(item).flatMap({ Int(exactly: $0) }) else {
        throw .thresholdText(OctetText(octets: item))
      }
      return k
    }
  }
}
