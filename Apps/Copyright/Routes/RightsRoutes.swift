import Hummingbird
import Ledger
import LedgerServer
import Primitives
import Rights
import Value

/// Licences, consents and royalties.
extension RightsServer {
  private struct RoyaltyAnswer: Encodable {
    struct Due: Encodable {
      let from: String
      let to: String
      let amount: String
    }
    let entry: UInt64
    let dues: [Due]
  }

  func addUses(to router: Router<LedgerRequestContext>) {
    router.post("works/{work}/licences") { request, context in
      let work = try Self.part("work", context)
      let terms = try await Self.body(LicenceBody.self, request).terms(of: work)
      return try await state(LicenceGrant(terms), context)
    }
    router.post("works/{work}/licences/{licence}/end") { request, context in
      let (work, licence) = (try Self.part("work", context), try Self.number("licence", context))
      let reason = try await Self.body(ReasonBody.self, request).reason
      return try await state(LicenceEnd(work: work, licence: licence, reason: reason), context)
    }
    router.post("works/{work}/consents") { request, context in
      let work = try Self.part("work", context)
      let terms = try await Self.body(LicenceBody.self, request).terms(of: work)
      return try await state(LicenceConsent(work: work, terms: terms.digest), context)
    }
    router.post("works/{work}/royalties") { request, context in
      let work = try Self.part("work", context)
      let report = try await Self.body(RoyaltyBody.self, request).report(of: work)
      let place = try await Self.place(desk(context.caller).state(report))
      let key = CopyrightContract.royalties.key(.sha256(work), order: place)
      let record = RoyaltyRecord(reading: try server.node.head.value(key))
      let dues = (record?.dues ?? []).map { due in
        RoyaltyAnswer.Due(
          from: due.debtor, to: due.creditor,
          amount: record.map { Money(due.amount, $0.currency).description } ?? "")
      }
      return try Reply.json(RoyaltyAnswer(entry: place, dues: dues), status: .created)
    }
  }

  // MARK: Ownership

  /// Transfers, inheritance, pre-sales and disputes.
  func addOwnership(to router: Router<LedgerRequestContext>) {
    router.post("works/{work}/transfers") { request, context in
      let work = try Self.part("work", context)
      return try await state(try await Self.body(TransferBody.self, request).transfer(of: work), context)
    }
    router.post("works/{work}/inheritances") { request, context in
      let work = try Self.part("work", context)
      return try await state(try await Self.body(InheritanceBody.self, request).inheritance(of: work), context)
    }
    router.post("works/{work}/presales") { request, context in
      let work = try Self.part("work", context)
      return try await state(try await Self.body(PresaleBody.self, request).presale(of: work), context)
    }
    router.post("works/{work}/presales/{presale}/pledges") { request, context in
      let (work, presale) = (try Self.part("work", context), try Self.number("presale", context))
      return try await state(try await Self.body(PledgeBody.self, request).pledge(of: work, presale), context)
    }
    router.post("works/{work}/presales/{presale}/close") { _, context in
      let (work, presale) = (try Self.part("work", context), try Self.number("presale", context))
      return try await state(PresaleClose(work: work, presale: presale), context)
    }
    router.post("works/{work}/disputes") { request, context in
      let work = try Self.part("work", context)
      let dispute = try await Self.body(DisputeBody.self, request)
      return try await state(
        Dispute(
          work: work, claimant: dispute.claimant, reason: dispute.reason, document: try Hash.of(dispute.document)),
        context)
    }
    router.post("works/{work}/disputes/{dispute}/end") { request, context in
      let (work, dispute) = (try Self.part("work", context), try Self.number("dispute", context))
      return try await state(try await Self.body(DisputeEndBody.self, request).end(of: work, dispute), context)
    }
  }
}
