import COSE
import FinanceRules
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// Keys of lots and sealing keys over HTTP.
extension FinanceServer {
  private struct Made: Encodable { let key: String }

  private struct KnownKey: Encodable {
    let key: String
    let holder: String
    /// Whether its private half is in this member's folder.
    let isOwn: Bool
    /// Whether the registrar has admitted it.
    let isAdmitted: Bool
    /// Whether its sealing key is on the ledger.
    let isPublished: Bool
  }

  func addKeys(to router: Router<LedgerRequestContext>) {
    router.post("lot-keys") { _, context in
      _ = try signer(context.caller)
      guard let keys = lotKeys else {
        throw Problem(.serviceUnavailable, code: "no-folder", "This server has no data folder and keeps no keys.")
      }
      guard keys.parties.count < 10_000 else {
        throw Problem(.contentTooLarge, code: "limit", "There are too many keys in this member's folder.")
      }
      return try Reply.json(Made(key: try keys.make().party), status: .created)
    }
    router.get("lot-keys") { request, context in
      let caller = try reader(request, context)
      guard caller.role == .member, let keys = lotKeys, keys.member == caller.name else {
        throw Problem(.forbidden, code: "not-yours", "A member's keys are shown at its own node, to itself.")
      }
      let view = server.node.head
      let known = try Admission.known(to: keys.sealingKeys().map(\.key), view)
      let own = Set(keys.parties)
      let names = Dictionary(known.map { ($0.party, $0.holder) }, uniquingKeysWith: { a, _ in a })
      return try Reply.json(
        own.union(names.keys).sorted().map { party in
          KnownKey(
            key: party, holder: names[party] ?? keys.member, isOwn: own.contains(party),
            isAdmitted: try Digest(hex: party.dropFirst()).map { try view.value(Family.holderKeys.key($0)) != nil }
              ?? false,
            isPublished: try Sealer(view: view).key(of: party) != nil)
        })
    }
    router.post("lot-keys/admissions") { request, context in
      let me = try signer(context.caller).member
      var form = try await Form(request)
      var admissions: [Admission] = []
      for var part in try form.parts("keys", 1...Admission.limit) {
        let (key, holder) = (try part.party("key"), try part.party("holder"))
        let readers = try part.parties("readers")
        try part.end()
        admissions.append(Admission(party: key, holder: holder, readers: readers))
      }
      try form.end()
      let (document, missing) = try Admission.document(admissions, by: me, server.node.head)
      return try await state(document, about: "holder-keys", request, context, note: Sealer.note(missing))
    }
    router.post("sealing-keys") { request, context in
      let me = try signer(context.caller).member
      try await Form(request).end()
      guard let folder = server.dataFolder else {
        throw Problem(.serviceUnavailable, code: "no-folder", "This server has no data folder and keeps no keys.")
      }
      let path = try face(request, context).flatMap { face in lotKeys.map { SealingFile.beside($0.path(face)) } }
      let key = try SealingFile.load(path ?? "\(folder)/\(me)/sealing.pem")
      return try await state(SealingNotice { $0.key = key.publicKey }, about: "sealing", request, context)
    }
  }
}
