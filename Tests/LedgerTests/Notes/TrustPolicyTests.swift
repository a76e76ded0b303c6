import Ledger
import Primitives
import Testing

@Suite struct TrustPolicyTests {
  static let logKey = Consortium().logKey.text
  static let keys = (0..<8).map { number in
    VerifierKey(cosigner: NoteName("w\(number).example")!, publicKey: TestSigner(UInt64(100 + number)).publicKey)!.text
  }

  @Test func `a policy of groups of groups is read and written back`() throws {
    let text = """
      # the banks' log
      log \(Self.logKey) https://log.example/
      \t witness A \(Self.keys[0])\t https://a.example/
      witness B \(Self.keys[1])
        # indented comment

      witness C \(Self.keys[2])
      witness R1 \(Self.keys[3])
      witness R2 \(Self.keys[4])
      group banks 2 A B C
      group reg any R1 R2
      group q all banks reg
      quorum q

      """
    let policy = try TrustPolicy(parsing: text.octets)
    #expect(policy.logs.map(\.url) == ["https://log.example/"])
    #expect(policy.witnesses.map(\.name) == ["A", "B", "C", "R1", "R2"])
    #expect(policy.witnesses[0].url == "https://a.example/")
    #expect(policy.groups.map(\.threshold) == [2, 1, 2])
    #expect(policy.quorum == "q")
    #expect(try TrustPolicy(parsing: policy.encoded) == policy)
    #expect(policy.isQuorum(["A", "C", "R2"]))
    #expect(policy.isQuorum(["A", "B", "C", "R1", "R2"]))
    #expect(!policy.isQuorum(["A", "B", "C"]))
    #expect(!policy.isQuorum(["A", "R1", "R2"]))
    #expect(!policy.isQuorum(["banks", "reg", "q", "zz"]))
    #expect(!policy.isQuorum([]))
  }

  @Test func `what the format allows is read`() throws {
    let none = try TrustPolicy(parsing: "quorum none\n".octets)
    #expect(none.quorum == nil && none.isQuorum([]))
    #expect(none.encoded == "quorum none\n".octets)
    let single = try TrustPolicy(parsing: "witness any \(Self.keys[0])\nquorum any\nlog \(Self.logKey)\n".octets)
    #expect(single.isQuorum(["any"]) && !single.isQuorum([]))
    // Octets with the high bit are opaque: no folding, and no need to be UTF-8.
    let kelvin = "witness K \(Self.keys[0])\nwitness \u{212A} \(Self.keys[1])\ngroup ".octets + [0xFF]
    let opaque = try TrustPolicy(parsing: kelvin + " 2 K \u{212A}\nquorum ".octets + [0xFF, 0x0A])
    #expect(opaque.quorum == OctetText(octets: [0xFF]))
    #expect(!opaque.isQuorum(["K"]) && opaque.isQuorum(["K", "\u{212A}"]))
    #expect(try TrustPolicy(parsing: opaque.encoded) == opaque)
    // Types that are not verified here are kept.
    let other = "log \(Self.keys[0].replacing("+B", with: "+F"))\nquorum none\n".octets
    #expect(try TrustPolicy(parsing: other).logs[0].key.isSupported == false)
  }

  @Test func `32 of everything and more`() throws {
    var text = ""
    for number in 0..<64 {
      let name = NoteName("x\(number).example")!
      text += "log \(VerifierKey(log: name, publicKey: TestSigner(UInt64(1000 + number)).publicKey)!)\n"
      text +=
        "witness x\(number) \(VerifierKey(cosigner: name, publicKey: TestSigner(UInt64(2000 + number)).publicKey)!)\n"
      text += "group g\(number) all x\(number)\(number == 0 ? "" : " g\(number - 1)")\n"
    }
    let policy = try TrustPolicy(parsing: (text + "quorum g63\n").octets)
    let all = Set((0..<64).map { OctetText("x\($0)") })
    #expect(policy.isQuorum(all))
    for name in all { #expect(!policy.isQuorum(all.subtracting([name]))) }
  }

  private static let a = "witness A \(keys[0])\n"
  private static let b = "witness B \(keys[1])\n"

  static let malformed: [(String, TrustPolicyFault, Int?)] = [
    ("", .missingQuorum, nil),
    ("# nothing\n", .missingQuorum, nil),
    (a, .missingQuorum, nil),
    ("quorum none", .missingFinalNewline, 1),
    ("\(a)quorum A\n ", .missingFinalNewline, 3),
    ("quorum none\r\n", .octet(0x0D), 1),
    ("# \u{7F}\nquorum none\n", .octet(0x7F), 1),
    ("\n\u{0}\nquorum none\n", .octet(0), 2),
    ("Quorum none\n", .keyword("Quorum"), 1),
    ("quorum none\nloggg\n", .keyword("loggg"), 2),
    ("\u{A0}quorum none\n", .keyword("\u{A0}quorum"), 1),
    ("quorum\n", .form(.quorum), 1),
    ("quorum none none\n", .form(.quorum), 1),
    ("quorum none # comment\n", .form(.quorum), 1),
    ("log\n", .form(.log), 1),
    ("log \(logKey) u v\n", .form(.log), 1),
    ("witness A\n", .form(.witness), 1),
    ("witness A \(keys[0]) u v\n", .form(.witness), 1),
    ("\(a)group g\n", .form(.group), 2),
    ("\(a)group g any\n", .emptyGroup("g"), 2),
    ("\(a)group g all\n", .emptyGroup("g"), 2),
    ("\(a)group g 1\n", .emptyGroup("g"), 2),
    ("log foo\n", .key(.form), 1),
    ("witness A \(keys[0])A\n", .key(.base64), 1),
    ("log \(keys[0])\n", .keyType(expected: 1, found: 4), 1),
    ("witness A \(logKey)\n", .keyType(expected: 4, found: 1), 1),
    ("log \(logKey)\nlog \(logKey) url\n", .duplicateKey(Consortium().origin), 2),
    ("\(a)witness B \(keys[0])\n", .duplicateKey(NoteName("w0.example")!), 2),
    ("\(a)witness A \(keys[1])\n", .duplicateName("A"), 2),
    ("\(a)group A 1 A\n", .duplicateName("A"), 2),
    ("\(a)\(b)group g 1 A\ngroup g 1 B\n", .duplicateName("g"), 4),
    ("witness none \(keys[0])\n", .reservedName, 1),
    ("\(a)group none 1 A\n", .reservedName, 2),
    ("\(a)group g 1 A none\n", .noneAsMember, 2),
    ("\(a)group g 1 A B\n\(b)quorum g\n", .undefinedName("B"), 2),
    ("\(a)group g 1 A g\n", .undefinedName("g"), 2),
    ("\(a)group g 1 h\ngroup h 1 g\n", .undefinedName("h"), 2),
    ("\(a)quorum B\n\(b)", .undefinedName("B"), 2),
    ("quorum A\n\(a)", .undefinedName("A"), 1),
    ("\(a)group g 0 A\n", .threshold(k: 0, members: 1), 2),
    ("\(a)group g 2 A\n", .threshold(k: 2, members: 1), 2),
    ("\(a)group g 01 A\n", .thresholdText("01"), 2),
    ("\(a)group g -1 A\n", .thresholdText("-1"), 2),
    ("\(a)group g +1 A\n", .thresholdText("+1"), 2),
    ("\(a)group g Any A\n", .thresholdText("Any"), 2),
    ("\(a)group g 18446744073709551615 A\n", .thresholdText("18446744073709551615"), 2),
    ("\(a)\(b)group g 1 A A\n", .secondMembership("A"), 3),
    ("\(a)\(b)group g 1 A\ngroup h 1 A B\n", .secondMembership("A"), 4),
    ("\(a)group g 1 A\ngroup h 1 g\ngroup i 1 g\n", .secondMembership("g"), 4),
    ("quorum none\nquorum none\n", .secondQuorum, 2),
    ("\(a)quorum A\nquorum A\n", .secondQuorum, 3),
  ]

  @Test(arguments: malformed.indices) func `a malformed policy is refused with rule and line`(number: Int) throws {
    let (text, fault, line) = Self.malformed[number]
    do {
      _ = try TrustPolicy(parsing: text.octets)
      Issue.record("accepted: \(text)")
    } catch {
      #expect(error.fault == fault)
      #expect(error.line == line)
      #expect(!error.description.isEmpty)
    }
  }

  @Test func `the same public key as a log's and a witness's is refused`() throws {
    let house = Consortium()
    let twin = VerifierKey(cosigner: house.names[0], publicKey: house.logSigner.publicKey)!
    #expect {
      _ = try TrustPolicy(
        logs: [TrustPolicy.Log(key: house.logKey)], witnesses: [TrustPolicy.Witness(name: "w", key: twin)], quorum: "w")
    } throws: {
      ($0 as? TrustPolicyError)?.fault == .duplicateKey(house.names[0])
    }
    #expect(throws: TrustPolicyError.self) {
      try TrustPolicy(parsing: Array(repeating: 0x0A, count: TrustPolicy.maximumBytes + 1))
    }
  }

  @Test func `a policy made in code keeps what its text can carry`() throws {
    let key = Consortium().witnesses[0].key
    for name: OctetText in ["", "a b", "a\tb", "a\n", "\u{7F}", "none"] {
      #expect(throws: TrustPolicyError.self) {
        try TrustPolicy(logs: [], witnesses: [TrustPolicy.Witness(name: name, key: key)], quorum: nil)
      }
    }
    #expect(throws: TrustPolicyError.self) {
      try TrustPolicy(logs: [], witnesses: [TrustPolicy.Witness(name: "w", key: key, url: "a b")], quorum: nil)
    }
  }

  @Test func `the default of a consortium`() throws {
    #expect([1, 2, 3, 4, 5, 6, 7, 64].map(TrustPolicy.defaultThreshold) == [1, 2, 3, 3, 4, 5, 5, 43])
    let house = Consortium()
    let logs = [TrustPolicy.Log(key: house.logKey)]
    let policy = try TrustPolicy.consortium(logs: logs, members: house.witnesses)
    #expect(policy.groups == [TrustPolicy.Group(name: "members", threshold: 3, members: ["org-1", "org-2", "org-3"])])
    #expect(policy.quorum == "members")
    #expect(try TrustPolicy(parsing: policy.encoded) == policy)
    for threshold in [-1, 0, 1, 4] {
      #expect(throws: TrustPolicyError.self) {
        try TrustPolicy.consortium(logs: logs, members: house.witnesses, threshold: threshold)
      }
    }
    #expect(throws: TrustPolicyError.self) {
      try TrustPolicy.consortium(logs: logs, members: Array(house.witnesses.prefix(2)), threshold: 1)
    }
    #expect(throws: TrustPolicyError.self) { try TrustPolicy.consortium(logs: logs, members: []) }
  }

  @Test(arguments: UInt64(1)...40) func `quorums agree with the recursive definition`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let count = 1 + random.number(8)
    let witnesses = (0..<count).map {
      TrustPolicy.Witness(name: OctetText("w\($0)"), key: try! VerifierKey(parsing: Self.keys[$0]))
    }
    var free = witnesses.map(\.name)
    var groups: [TrustPolicy.Group] = []
    for number in 0..<1 + random.number(6) where !free.isEmpty {
      free.shuffle(using: &random)
      let members = Array(free.prefix(1 + random.number(free.count)))
      free.removeFirst(members.count)
      let group = TrustPolicy.Group(
        name: OctetText("g\(number)"), threshold: 1 + random.number(members.count), members: members)
      groups.append(group)
      free.append(group.name)
    }
    let quorum = random.number(4) == 0 ? witnesses[0].name : groups[groups.count - 1].name
    let policy = try TrustPolicy(logs: [], witnesses: witnesses, groups: groups, quorum: quorum)
    #expect(try TrustPolicy(parsing: policy.encoded) == policy, "seed \(seed)")
    for subset in 0..<1 << count {
      let names = Set((0..<count).filter { subset >> $0 & 1 == 1 }.map { witnesses[$0].name })
      func holds(_ name: OctetText) -> Bool {
        guard let group = groups.first(where: { $0.name == name }) else { return names.contains(name) }
        return group.members.map(holds).count { $0 } >= group.threshold
      }
      #expect(policy.isQuorum(names) == holds(quorum), "seed \(seed) subset \(subset)")
    }
  }
}
