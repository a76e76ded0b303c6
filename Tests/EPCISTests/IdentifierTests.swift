import EPCIS
import Testing

import EPCIS

struct IdentifierTests {
  /// One thing in several spellings; the first is canonical.
  static let spellings: [[String]] = [
    [
      "https://id.gs1.org/01/04012345111118/21/9876", "urn:epc:id:sgtin:4012345.011111.9876",
      "https://example.com/01/04012345111118/21/9876",
      "http://shop.example.com:8080/some/path/gtin/4012345111118/ser/9876?x=1&y=2#top",
      "https://id.gs1.org/01/04012345111118/10/L1/21/9876",
      "https://id.gs1.org/gtin/4012345111118/cpv/2A/lot/L1/ser/9876/",
      "  https://id.gs1.org/01/4012345111118/21/9876\n", "HTTPS://ID.GS1.ORG/01/04012345111118/21/9876",
    ],
    [
      "https://id.gs1.org/01/04012345123456/10/998877", "urn:epc:class:lgtin:4012345.012345.998877",
      "https://a.b/gtin/04012345123456/lot/998877", "https://a.b/01/04012345123456/22/2A/10/998877",
    ],
    [
      "https://id.gs1.org/01/04012345123456/235/AB12", "urn:epc:id:upui:4012345.012345.AB12",
      "https://x.y/gtin/4012345123456/235/AB12",
    ],
    [
      "https://id.gs1.org/01/04012345987652", "urn:epc:idpat:sgtin:4012345.098765.*",
      "urn:epc:idpat:upui:4012345.098765.*", "https://x.y/gtin/4012345987652/22/AB",
    ],
    ["https://id.gs1.org/01/00000000001236", "https://x.y/01/00001236", "https://x.y/gtin/000000001236"],
    [
      "https://id.gs1.org/00/106141412345678908", "urn:epc:id:sscc:0614141.1234567890",
      "https://x.y/sscc/106141412345678908",
    ],
    ["https://id.gs1.org/414/0614141077762", "urn:epc:id:sgln:0614141.07776.0", "https://x.y/gln/0614141077762/"],
    [
      "https://id.gs1.org/414/0614141073467/254/1234", "urn:epc:id:sgln:0614141.07346.1234",
      "https://x.y/gln/0614141073467/254/1234?a=b",
    ],
    ["https://id.gs1.org/414/1234567890128", "urn:epc:id:sgln:123456789012..0"],
    ["https://id.gs1.org/417/4012345002256", "urn:epc:id:pgln:4012345.00225", "https://x.y/party/4012345002256"],
    ["https://id.gs1.org/417/9999999999994", "urn:epc:id:pgln:999999999999."],
    [
      "https://id.gs1.org/8003/04012345000221334455", "urn:epc:id:grai:4012345.00022.334455",
      "https://x.y/grai/04012345000221334455",
    ],
    ["https://id.gs1.org/8003/012345678901281", "urn:epc:id:grai:123456789012..1"],
    ["https://id.gs1.org/8003/04012345666663", "urn:epc:idpat:grai:4012345.66666.*"],
    ["https://id.gs1.org/8004/4012345ABC345", "urn:epc:id:giai:4012345.ABC345", "https://x.y/giai/4012345ABC345"],
    ["https://id.gs1.org/8004/4012345A.B.C", "urn:epc:id:giai:4012345.A.B.C"],
    [
      "https://id.gs1.org/8018/401234500000067657", "urn:epc:id:gsrn:4012345.0000006765",
      "https://x.y/gsrn/401234500000067657",
    ],
    [
      "https://id.gs1.org/8017/401234500000000074", "urn:epc:id:gsrnp:4012345.0000000007",
      "https://x.y/gsrnp/401234500000000074",
    ],
    [
      "https://id.gs1.org/253/40123455555541234", "urn:epc:id:gdti:4012345.55555.1234",
      "https://x.y/gdti/40123455555541234",
    ],
    ["https://id.gs1.org/253/98765999999929", "urn:epc:id:gdti:987659999999..9"],
    ["https://id.gs1.org/253/4012345555554", "urn:epc:idpat:gdti:4012345.55555.*"],
    ["https://id.gs1.org/255/401234599999044", "urn:epc:id:sgcn:4012345.99999.44", "https://x.y/gcn/401234599999044"],
    ["https://id.gs1.org/255/4012345999990", "urn:epc:idpat:sgcn:4012345.99999.*"],
    [
      "https://id.gs1.org/8010/4012345ABC/8011/123", "urn:epc:id:cpi:4012345.ABC.123",
      "https://x.y/cpid/4012345ABC/8011/123",
    ],
    [
      "https://id.gs1.org/8010/061414111111111111111-A%23%2F/8011/1234",
      "urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234",
    ],
    ["https://id.gs1.org/8010/4012345ABC", "urn:epc:idpat:cpi:4012345.ABC.*"],
    [
      "https://id.gs1.org/401/0614141xyz47%2F11", "urn:epc:id:ginc:0614141.xyz47%2F11",
      "https://x.y/ginc/0614141xyz47%2F11",
    ],
    [
      "https://id.gs1.org/402/40123452223334442", "urn:epc:id:gsin:4012345.222333444",
      "https://x.y/gsin/40123452223334442",
    ],
    [
      "https://id.gs1.org/8006/040123451111180102/21/987", "urn:epc:id:itip:4012345.011111.01.02.987",
      "https://x.y/itip/040123451111180102/lot/7/ser/987",
    ],
    ["https://id.gs1.org/8006/040123451111180102", "urn:epc:idpat:itip:4012345.011111.01.02.*"],
    ["https://id.gs1.org/8006/040123451111180102/10/7", "https://x.y/itip/040123451111180102/lot/7"],
    [
      "https://id.gs1.org/01/01234567987651/21/%21%28%29%2A%2B%2C%3A'-._;=%22",
      "urn:epc:id:sgtin:1234567.098765.!()*+,:'-._;=%22",
      "https://x.y/01/01234567987651/21/!()*+,:'-._;=%22",
    ],
    // The smallest and the longest company prefix.
    ["https://id.gs1.org/01/11234562345675/21/1", "urn:epc:id:sgtin:123456.1234567.1"],
    ["https://id.gs1.org/01/01234567890128/21/1", "urn:epc:id:sgtin:123456789012.0.1"],
  ]

  @Test(arguments: spellings) func `all spellings of a thing have one key`(row: [String]) {
    for text in row { #expect(EPCIdentifier.canonical(text) == row[0], "\(text)") }
    // A canonical form stays.
    #expect(EPCIdentifier.canonical(row[0]) == row[0])
  }

  @Test(arguments: [
    "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "http://transaction.acme.com/po/12345678",
    "geo:47.506694,11.104301",
    "urn:epcglobal:cbv:bt:5200001000008:4711", "https://www.example.com/00/1234/x", "https://example.org/01/12345/21/1",
    "urn:epc:id:sgtin:4012345.01111.9876", "urn:epc:id:sgtin:401234.011111.9876", "urn:epc:id:sgtin:4012345.011111.",
    "urn:epc:id:sgtin:4012345.011111", "urn:epc:id:sgtin:4012345.011111.123456789012345678901",
    "urn:epc:id:sgtin:40a2345.011111.1",
    "urn:epc:id:sgtin:4012345.011111.a/b", "urn:epc:id:sgtin:4012345.011111.a%2", "urn:epc:id:unknown:4012345.011111.1",
    "urn:epc:idpat:sgtin:4012345.*.*", "urn:epc:idpat:sgtin:4012345.011111.77", "urn:epc:idpat:sscc:4012345.*",
    "urn:epc:class:other:1.2.3", "urn:epc:id:sgcn:4012345.99999.4A", "urn:epc:", "urn:epc:id", "urn:epc:id:sgtin:",
    "https://",
    "https:///01/04012345111118", "https://id.gs1.org/01/04012345111118/99/x",
    "https://id.gs1.org/01/04012345111118/21",
    "https://id.gs1.org/", "https://example.org/401/1234", "mailto:a@b.example", "", "private-id 7",
    "01/04012345111118",
  ])
  func `what is neither a key's URN nor its link stays`(text: String) {
    #expect(EPCIdentifier.canonical(text) == text)
    #expect(EPCIdentifier.canonical("\t \(text) \n") == text)
  }

  @Test func `instances and classes are told apart`() {
    let classes = [
      "urn:epc:class:lgtin:4012345.012345.998877", "urn:epc:idpat:sgtin:4012345.098765.*",
      "urn:epc:idpat:grai:4012345.66666.*",
      "urn:epc:idpat:gdti:4012345.55555.*", "urn:epc:idpat:sgcn:4012345.99999.*", "urn:epc:idpat:cpi:4012345.ABC.*",
      "urn:epc:idpat:itip:4012345.011111.01.02.*", "https://x.y/gtin/4012345987652", "urn:epc:idpat:sgtin:4012345.*.*",
    ]
    for text in classes { #expect(EPCIdentifier.kind(ofCanonical: EPCIdentifier.canonical(text)) == .class, "\(text)") }
    let instances = [
      "urn:epc:id:sgtin:4012345.011111.9876", "urn:epc:id:sscc:0614141.1234567890",
      "urn:epc:id:upui:4012345.012345.AB12",
      "urn:epc:id:grai:4012345.00022.334455", "urn:epc:id:gdti:4012345.55555.1234", "urn:epc:id:cpi:4012345.ABC.123",
      "urn:epc:id:giai:4012345.ABC345", "urn:epc:id:itip:4012345.011111.01.02.987", "urn:uuid:f81d4fae", "x",
    ]
    for text in instances {
      #expect(EPCIdentifier.kind(ofCanonical: EPCIdentifier.canonical(text)) == .instance, "\(text)")
    }
  }

  @Test func `check digits follow the weights three and one from the right`() {
    // GTIN-13, GLN, SSCC and GTIN-14 of the General Specifications' and our own reckoning.
    for text in ["4006381333931", "0614141000012", "106141412345678908", "10614141073464", "96385074", "0000000000000"]
    {
      let digits = Array(text.utf8)
      #expect(EPCURN.checkDigit(Array(digits.dropLast())) == digits.last, "\(text)")
    }
  }
}
