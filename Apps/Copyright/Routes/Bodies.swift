import HTTPTypes
import LedgerServer
import Primitives
import Rights
import Value

/// A licence as it is posted; times in RFC 3339, the price in minor units.
struct LicenceBody: Decodable {
  let licensee: String
  let uses: [String]
  let territory: [String]
  let from: String
  let until: String
  let exclusive: Bool?
  let sublicensable: Bool?
  let currency: String?
  let price: Int64?
  let royaltyPPM: UInt64?
  let parent: UInt64?

  func terms(of work: String) throws -> LicenceTerms {
    let known = uses.compactMap { Use(name: $0) }
    guard known.count == uses.count, !known.isEmpty, let place = Territory(territory),
      let start = Timestamp.parse(from), let end = Timestamp.parse(until), start < end,
      let unit = try? Currency(currency ?? "CNY"), Sums.contains(price ?? 0), (royaltyPPM ?? 0) <= Shares.whole
    else {
      throw Problem(
        .badRequest, code: "malformed", "The licence's uses, territory, times, currency or sums cannot be read.")
    }
    return LicenceTerms(
      work: work, licensee: licensee, uses: Uses(known), territory: place, from: start, until: end,
      isExclusive: exclusive ?? false, isSublicensable: sublicensable ?? false, currency: unit, price: price ?? 0,
      royaltyPPM: royaltyPPM ?? 0, parent: parent)
  }
}

/// Sums that a statement can have, in minor units.
enum Sums {
  static func contains(_ sum: Int64) -> Bool { (0...(1 << 53)).contains(sum) }
}

/// A transfer as it is posted; the price in minor units.
struct TransferBody: Decodable {
  let from: String
  let to: String
  let ppm: UInt64
  let reason: String?
  let price: Int64?
  let currency: String?
  let document: String?

  func transfer(of work: String) throws -> ShareTransfer {
    guard let kind = ShareTransfer.Reason.allCases.first(where: { $0.name == reason ?? "contract" }),
      let unit = try? Currency(currency ?? "CNY"), Sums.contains(price ?? 0), from != to,
      (1...Shares.whole).contains(ppm)
    else {
      throw Problem(
        .badRequest, code: "malformed", "The transfer's parties, share, reason, currency or price cannot be read.")
    }
    return ShareTransfer(
      work: work, from: from, to: to, ppm: ppm, reason: kind, price: price ?? 0, currency: unit,
      document: try Hash.of(document))
  }
}

/// The SHA-256 of a document as it is posted.
enum Hash {
  static func of(_ text: String?) throws -> Digest? {
    guard let text else { return nil }
    guard let digest = Digest(hex: text) else {
      throw Problem(.badRequest, code: "malformed", "A document is named by its SHA-256 in 64 hexadecimal digits.")
    }
    return digest
  }
}

/// An inheritance as it is posted.
struct InheritanceBody: Decodable {
  struct Heir: Decodable {
    let party: String
    let weight: Int64
  }
  let deceased: String
  let heirs: [Heir]
  let document: String

  func inheritance(of work: String) throws -> Inheritance {
    guard let certificate = try Hash.of(document), (1...64).contains(heirs.count),
      heirs.allSatisfy({ (1...1 << 30).contains($0.weight) && $0.party != deceased }),
      Set(heirs.map(\.party)).count == heirs.count
    else {
      throw Problem(
        .badRequest, code: "malformed", "Heirs are 1 to 64 others, each named once with a weight of at least 1.")
    }
    return Inheritance(
      work: work, deceased: deceased, heirs: heirs.map { (party: $0.party, weight: $0.weight) }, document: certificate)
  }
}

/// A royalty report as it is posted; the revenue in minor units.
struct RoyaltyBody: Decodable {
  let licence: UInt64
  let period: String
  let revenue: Int64

  func report(of work: String) throws -> RoyaltyReport {
    guard Sums.contains(revenue), (1...32).contains(period.utf8.count) else {
      throw Problem(.badRequest, code: "malformed", "The report's period or revenue cannot be read.")
    }
    return RoyaltyReport(work: work, licence: licence, period: period, revenue: revenue)
  }
}

/// The end of a licence as it is posted.
struct ReasonBody: Decodable {
  let reason: String
}

/// A pre-sale as it is posted; the price of a lot in minor units.
struct PresaleBody: Decodable {
  let seller: String
  let lots: UInt64
  let ppmPerLot: UInt64
  let price: Int64
  let currency: String?
  let goal: UInt64
  let deadline: String

  func presale(of work: String) throws -> Presale {
    guard let unit = try? Currency(currency ?? "CNY"), let end = Timestamp.parse(deadline),
      (1...Shares.whole).contains(lots), (1...Shares.whole / lots).contains(ppmPerLot),
      (1...Int64(1) << 40).contains(price), (1...lots).contains(goal)
    else {
      throw Problem(
        .badRequest, code: "malformed", "The pre-sale's lots, share, price, currency, goal or deadline cannot be read.")
    }
    return Presale(
      work: work, seller: seller, lots: lots, ppmPerLot: ppmPerLot, price: price, currency: unit, goal: goal,
      deadline: end)
  }
}

/// A pledge as it is posted.
struct PledgeBody: Decodable {
  let buyer: String
  let lots: UInt64

  func pledge(of work: String, _ presale: UInt64) throws -> Pledge {
    guard (1...Shares.whole).contains(lots) else {
      throw Problem(.badRequest, code: "malformed", "A pledge is for one lot or more.")
    }
    return Pledge(work: work, presale: presale, buyer: buyer, lots: lots)
  }
}

/// A dispute as it is posted; the evidence as its SHA-256.
struct DisputeBody: Decodable {
  let claimant: String
  let reason: String
  let document: String?
}

/// The end of a dispute as it is posted; the decision as its SHA-256.
struct DisputeEndBody: Decodable {
  let outcome: String
  let document: String?

  func end(of work: String, _ dispute: UInt64) throws -> DisputeEnd {
    guard let how = DisputeEnd.Outcome.allCases.first(where: { $0.name == outcome }) else {
      throw Problem(
        .badRequest, code: "malformed",
        "An outcome is \(DisputeEnd.Outcome.allCases.map(\.name).joined(separator: ", ")).")
    }
    return DisputeEnd(work: work, dispute: dispute, outcome: how, document: try Hash.of(document))
  }
}

/// A step as it is posted; the document as its SHA-256.
struct StepBody: Decodable {
  let step: String
  let reason: String
  let document: String?

  func step(in incident: UInt64) throws -> IncidentStep {
    guard let kind = IncidentStep.Step.allCases.first(where: { $0.name == step }) else {
      throw Problem(
        .badRequest, code: "malformed",
        "A step is \(IncidentStep.Step.allCases.map(\.name).joined(separator: ", ")).")
    }
    guard !reason.isEmpty else {
      throw Problem(.badRequest, code: "malformed", "A step has a reason.")
    }
    return IncidentStep(incident, kind, reason: reason, document: try Hash.of(document))
  }
}
