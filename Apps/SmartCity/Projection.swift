import Edge
import Ledger
import Primitives

/// A question that the state answers by one complete list, and the answer in words: the same for a view and for a proof.
enum CityQuestion: Equatable {
  case deviceValid(String, at: UInt64)
  case devices(owner: String?)
  case alarms(device: String?)
  case incidents(subject: String?)
  case grants(owner: String)
  case accesses(owner: String, grant: UInt64)
  case operations
  case batches(gateway: String)
  case camera(String)

  /// The words of a proof bundle's question.
  var words: [String] {
    switch self {
    case .deviceValid(let urn, let time): ["device-valid", urn, Timestamp.text(time)]
    case .devices(let owner): ["devices"] + (owner.map { [$0] } ?? [])
    case .alarms(let device): ["alarms"] + (device.map { [$0] } ?? [])
    case .incidents(let subject): ["incidents"] + (subject.map { [$0] } ?? [])
    case .grants(let owner): ["grants", owner]
    case .accesses(let owner, let grant): ["accesses", owner, "\(grant)"]
    case .operations: ["operations"]
    case .batches(let gateway): ["batches", gateway]
    case .camera(let urn): ["camera", urn]
    }
  }

  init?(words: [String]) {
    let (first, second) = (words.count > 1 ? words[1] : nil, words.count > 2 ? words[2] : nil)
    switch (words.first, words.count) {
    case ("device-valid", 3):
      guard let first, let time = second.flatMap({ Timestamp.parse($0) }) else { return nil }
      self = .deviceValid(first, at: time)
    case ("devices", 1), ("devices", 2): self = .devices(owner: first)
    case ("alarms", 1), ("alarms", 2): self = .alarms(device: first)
    case ("incidents", 1), ("incidents", 2): self = .incidents(subject: first)
    case ("grants", 2): self = .grants(owner: first ?? "")
    case ("accesses", 3):
      guard let first, let grant = second.flatMap({ UInt64($0) }) else { return nil }
      self = .accesses(owner: first, grant: grant)
    case ("operations", 1): self = .operations
    case ("batches", 2): self = .batches(gateway: first ?? "")
    case ("camera", 2): self = .camera(first ?? "")
    default: return nil
    }
    guard self.words == words else { return nil }
  }

  /// The list that answers it.
  var prefix: StatePrefix {
    switch self {
    case .deviceValid(let urn, _): EdgeRules.deviceLives.prefix(.sha256(urn))
    case .devices(let owner?): EdgeRules.owned.prefix(.sha256(owner))
    case .devices(nil): EdgeRules.devices.prefix()
    case .alarms(let device?): EdgeRules.deviceAlarms.prefix(.sha256(device))
    case .alarms(nil): EdgeRules.alarms.prefix()
    case .incidents(let subject?): EdgeRules.subjectIncidents.prefix(.sha256(subject))
    case .incidents(nil): EdgeRules.incidents.prefix()
    case .grants(let owner): EdgeRules.grants.prefix(.sha256(owner))
    case .accesses(let owner, let grant): EdgeRules.accesses(owner: owner, grant: grant)
    case .operations: EdgeRules.operations.prefix()
    case .batches(let gateway): EdgeRules.batches.prefix(.sha256(gateway))
    case .camera(let urn): EdgeRules.cameraLinks.prefix(.sha256(urn))
    }
  }

  var request: ProofRequest {
    var request = ProofRequest(question: words)
    request.prefixes = [prefix]
    return request
  }

  /// The answer in words, from the complete list.
  ///
  /// - Parameter until: the time of the seal that the list is of: the ledger says nothing about later times.
  func answer(
    until: UInt64, _ list: (StatePrefix) throws(LedgerError) -> [(key: StateKey, value: [UInt8])]
  ) throws(LedgerError) -> [Message] {
    let pairs = try list(prefix)
    do { return try lines(pairs, until: until) } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.notProved, "A value of the list cannot be read: \(error).")
    }
  }

  private func lines(_ pairs: [(key: StateKey, value: [UInt8])], until: UInt64) throws -> [Message] {
    switch self {
    case .deviceValid(let urn, let time):
      return try CityText.validity(urn, time, pairs.map { try DeviceEvent(decoding: $0.value) }, until: until)
    case .devices(let owner?):
      return ["\(owner) has enrolled \(pairs.count) devices; none was left out."]
        + pairs.map { "  \(String(decoding: $0.value, as: UTF8.self))" as Message }
    case .devices(nil):
      return ["\(pairs.count) devices have been enrolled; none was left out."]
        + (try pairs.map { try CityText.device(DeviceCertificate(decoding: $0.value)) })
    case .alarms(let device):
      let about: Message = device.map { " of \($0)" } ?? ""
      return ["\(pairs.count) alarms\(about), in the order of the log; none was left out."]
        + (try pairs.map { try CityText.alarm($0.key.order, Recorded<Alarm>(decoding: $0.value)) })
    case .incidents(let subject):
      let about: Message = subject.map { " of \($0)" } ?? ""
      return ["\(pairs.count) incidents\(about), in the order of the log; none was left out."]
        + (try pairs.map { try CityText.incident($0.key.order, Recorded<IncidentReport>(decoding: $0.value)) })
    case .grants(let owner):
      return ["\(owner) has given \(pairs.count) grants; none was left out."]
        + (try pairs.map { try CityText.grant($0.key.order, Recorded<Grant>(decoding: $0.value)) })
    case .accesses(let owner, let grant):
      return ["\(pairs.count) reads are recorded under grant \(grant) of \(owner); none on record was left out."]
        + (try pairs.map { try CityText.access($0.key.order, Recorded<GrantAccess>(decoding: $0.value)) })
    case .operations:
      return ["\(pairs.count) operations and network alarms, in the order of the log; none was left out."]
        + (try pairs.map { try CityText.operation($0.key.order, Recorded<Edge.Operation>(decoding: $0.value)) })
    case .batches(let gateway): return try batches(gateway, pairs)
    case .camera(let urn):
      let links = try pairs.map { try Recorded<CameraLink>(decoding: $0.value).document }
      return ["\(urn) has \(links.count) groups of pictures on record, numbered without a gap; none was left out."]
        + links.map { link in
          "  group \(link.counter): \(link.frames) frames from \(ReadingText.time(Int64(clamping: link.start))), hash \(link.groupHash.hex)"
        }
    }
  }

  /// Follows the chain of a gateway's headers from the first to the last.
  private func batches(_ gateway: String, _ pairs: [(key: StateKey, value: [UInt8])]) throws -> [Message] {
    var (previous, readings, number) = (Digest(), UInt64(0), UInt64(0))
    for (key, value) in pairs {
      let header = try BatchHeader(decoding: BatchEntry(decoding: value).header[...])
      number += 1
      guard header.gateway == gateway, header.number == number, key.order == number, header.previous == previous else {
        throw LedgerError(.notProved, "The gateway's headers have a gap or a fork at \(number).")
      }
      previous = header.digest
      readings += header.count
    }
    return [
      "\(gateway) has anchored \(pairs.count) batches with \(readings) leaves, numbered without a gap, each naming the "
        + "one before."
    ]
  }
}
