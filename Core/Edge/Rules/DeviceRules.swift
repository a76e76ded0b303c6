internal import COSE
internal import Ledger
internal import Primitives

extension EdgeRules {
  /// The device as it is now, or nil.
  func certificate(_ urn: String, _ state: inout State) -> DeviceCertificate? {
    state[EdgeRules.devices.key(.sha256(urn))].flatMap { try? DeviceCertificate(decoding: $0) }
  }

  /// The device if it is in service, or a refusal that says what it is.
  func activeDevice(_ urn: String, _ state: inout State) throws(Refusal) -> DeviceCertificate {
    guard let certificate = certificate(urn, &state) else {
      throw Refusal("device-unknown", "The ledger has no device of this name.")
    }
    switch certificate.status {
    case .active: return certificate
    case .revoked: throw Refusal("device-revoked", "The device has been revoked.")
    case .quarantined: throw Refusal("device-quarantined", "The device is in quarantine.")
    }
  }

  func enrol(
    _ enrolment: DeviceEnrolment, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let issuer = try member(statement, context)
    let message: Sign1
    let request: DeviceRequest
    do {
      message = try Sign1(enrolment.request)
      request = try DeviceRequest(decoding: message.payload)
    } catch { throw Refusal("device-enrolment-malformed", "The device's request cannot be read: \(error).") }
    guard statement.subject == request.urn else {
      throw Refusal("subject-mismatch", "The statement is not about the device that it names.")
    }
    guard SignedPart.isSigned(message, DeviceRequest.contentType, by: request.key) else {
      throw Refusal("device-possession", "The request is not signed by the key that it names.")
    }
    guard context.configuration.member(request.owner) != nil else {
      throw Refusal("device-owner", "The owner of a device is a member.")
    }
    let manufacturer = endorser(.manufacturer, enrolment.manufacturer, request, context, &state)
    guard let manufacturer else {
      throw Refusal("manufacturer-missing", "No manufacturer has endorsed the request.")
    }
    guard let registrar = endorser(.registrar, enrolment.registrar, request, context, &state) else {
      throw Refusal("registrar-missing", "No registrar has endorsed the request.")
    }
    guard manufacturer != registrar else {
      throw Refusal("endorsed-twice", "Manufacturer and registrar are two organisations.")
    }
    guard [request.owner, manufacturer, registrar].contains(issuer) else {
      throw Refusal("not-a-party", "The owner, the manufacturer or the registrar enrols a device.")
    }
    let device = Digest.sha256(request.urn)
    guard state[EdgeRules.devices.key(device)] == nil else {
      throw Refusal("device-known", "A device of this name has been enrolled before.")
    }
    guard request.until > context.time else { throw Refusal("device-expired", "The validity asked for has passed.") }
    try expectFresh(request.key, context, &state)
    let nonce = EdgeRules.nonces.key(.sha256(request.nonce))
    guard state[nonce] == nil else { throw Refusal("nonce-used", "The registrar's nonce has been answered before.") }
    let owner = Digest.sha256(request.owner)
    let ofOwner = EdgeRules.quotas.key(owner)
    let ofCell = EdgeRules.cellQuotas.key(.sha256(request.cell))
    let (owned, near) = (count(ofOwner, &state), count(ofCell, &state))
    guard owned < devicesPerOwner else {
      throw Refusal("quota", "The owner has \(owned) devices, which is the limit.")
    }
    guard near < devicesPerCell else {
      throw Refusal("cell-quota", "The cell has \(near) devices, which is the limit.")
    }
    set(owned + 1, ofOwner, &state)
    set(near + 1, ofCell, &state)
    state.set(nonce, Array(request.urn.utf8))
    state.set(EdgeRules.devices.key(device), DeviceCertificate(request).encoded())
    state.set(EdgeRules.deviceKeys.key(.sha256(request.key.id.bytes)), Array(request.urn.utf8))
    state.set(EdgeRules.owned.key(owner, device), Array(request.urn.utf8))
    record(.enrolled(request), device, statement, context, &state)
  }

  func rotate(
    _ rotation: DeviceRotation, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let issuer = try member(statement, context)
    let (new, old): (Sign1, Sign1)
    let change: DeviceRotation.Change
    do {
      new = try Sign1(rotation.byNew)
      old = try Sign1(rotation.byOld)
      change = try DeviceRotation.Change(decoding: new.payload)
    } catch { throw Refusal("device-rotation-malformed", "The change cannot be read: \(error).") }
    guard statement.subject == change.urn else {
      throw Refusal("subject-mismatch", "The statement is not about the device that it names.")
    }
    var certificate = try activeDevice(change.urn, &state)
    guard issuer == certificate.request.owner || has(.registrar, issuer, &state) else {
      throw Refusal("not-a-party", "The owner or a registrar changes a device's key.")
    }
    guard SignedPart.isSigned(new, DeviceRotation.partType, by: change.key) else {
      throw Refusal("device-possession", "The change is not signed by the new key.")
    }
    guard let last = certificate.keys.last, last.contains(context.time) else {
      throw Refusal("device-expired", "The device's key is not valid now; it cannot name the next one.")
    }
    guard old.payload == new.payload, SignedPart.isSigned(old, DeviceRotation.partType, by: last.key) else {
      throw Refusal("rotation-not-authorized", "The change is not signed by the key in force.")
    }
    guard change.from <= change.oldUntil, change.oldUntil <= last.until, context.time <= change.oldUntil,
      change.oldUntil < change.until, last.from <= change.from
    else { throw Refusal("rotation-gap", "The new key must be valid before the old one ends, and longer.") }
    try expectFresh(change.key, context, &state)
    certificate.keys.removeAll { $0.until <= context.time }
    certificate.take(change)
    let device = Digest.sha256(change.urn)
    state.set(EdgeRules.devices.key(device), certificate.encoded())
    state.set(EdgeRules.deviceKeys.key(.sha256(change.key.id.bytes)), Array(change.urn.utf8))
    record(.rotated(change), device, statement, context, &state)
  }

  func change(
    _ change: DeviceStatusChange, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let issuer = try member(statement, context)
    guard statement.subject == change.urn else {
      throw Refusal("subject-mismatch", "The statement is not about the device that it names.")
    }
    guard let certificate = certificate(change.urn, &state) else {
      throw Refusal("device-unknown", "The ledger has no device of this name.")
    }
    let isRegistrar = has(.registrar, issuer, &state)
    guard isRegistrar || (issuer == certificate.request.owner && change.status != .active) else {
      throw Refusal("not-a-party", "The owner or a registrar takes a device out of service, a registrar releases it.")
    }
    guard certificate.status != .revoked else { throw Refusal("device-revoked", "A revocation is for ever.") }
    guard certificate.status != change.status else { throw Refusal("status-known", "The device is that already.") }
    set(change.status, reason: change.reason, certificate, statement, context, &state)
  }

  /// Sets a device's status, with the event in its life and the owner's count.
  func set(
    _ status: EdgeStatus, reason: String, _ old: DeviceCertificate, _ statement: Statement, _ context: Context,
    _ state: inout State
  ) {
    var certificate = old
    certificate.status = status
    let device = Digest.sha256(certificate.request.urn)
    state.set(EdgeRules.devices.key(device), certificate.encoded())
    if status == .revoked {
      for key in [
        EdgeRules.quotas.key(.sha256(certificate.request.owner)),
        EdgeRules.cellQuotas.key(.sha256(certificate.request.cell)),
      ] { set(max(1, count(key, &state)) - 1, key, &state) }
    }
    record(.status(status, reason: reason), device, statement, context, &state)
  }

  /// Who signed an endorsement of the request in a role that it has, or nil.
  private func endorser(
    _ role: EdgeRole, _ endorsement: [UInt8], _ request: DeviceRequest, _ context: Context, _ state: inout State
  ) -> String? {
    guard let message = try? Sign1(endorsement), message.payload.elementsEqual(request.endorsement(role)) else {
      return nil
    }
    for member in context.configuration.members where has(role, member.name, &state) {
      for key in member.statementKeys
      where SignedPart.isSigned(message, DeviceRequest.endorsementType, by: key.key) { return member.name }
    }
    return nil
  }

  private func record(
    _ change: DeviceEvent.Change, _ device: Digest, _ statement: Statement, _ context: Context, _ state: inout State
  ) {
    state.set(
      EdgeRules.deviceLives.key(device, order: context.index),
      DeviceEvent(time: context.time, issuer: statement.issuer, change: change).encoded())
  }

  private func count(_ key: StateKey, _ state: inout State) -> UInt64 {
    (state[key] ?? []).reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func set(_ count: UInt64, _ key: StateKey, _ state: inout State) {
    var bytes: [UInt8] = []
    bytes.append(u64: count)
    state.set(key, bytes)
  }
}
