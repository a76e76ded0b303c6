import COSE
import Edge
import EdgeFeed
import Foundation
import Ledger
import Primitives
import Testing

/// Gateways' files made by hand, with what a supervisor knows of their devices.
private final class Ground {
  static let start = EdgeKit.start
  static let minute: Int64 = 60_000_000
  static let names = ["gw-1.edge.example", "gw-2.edge.example"]

  let cores: [EdgeCore]
  let stores: [EdgeStore]
  let paths: [String]
  let keys: [PrivateKey]
  let sessions: [[DeviceSession]]
  var certificates: [String: DeviceCertificate] = [:]
  var headers: [[(header: BatchHeader, statement: [UInt8])]] = [[], []]

  struct Directory: DeviceDirectory {
    let sessions: [DeviceSession]
    func device(named urn: String) -> (kid: UInt64, key: PublicKey)? {
      sessions.first { $0.device == urn }.map { ($0.kid, Ground.deviceKey(urn).publicKey) }
    }
  }

  static func deviceKey(_ urn: String) -> PrivateKey { .derive(seed: 3, label: urn) }

  init(devices: Int) throws {
    keys = Self.names.map { .derive(seed: 1, label: $0) }
    paths = Self.names.map { _ in EdgeKit.temporaryPath() }
    sessions = try Self.names.map { name in
      try (0..<devices).map {
        try DeviceSession(
          device: "urn:dev:os:32473-\($0)", kAUSF: Digest.sha256("k\($0)").bytes, supi: "imsi-00101\($0)",
          gateway: name, rules: nil, signsEpochs: true)
      }
    }
    stores = try zip(paths, Self.names).map { try EdgeStore(path: $0, gateway: $1) }
    var cores: [EdgeCore] = []
    for (place, name) in Self.names.enumerated() {
      let core = EdgeCore(
        gateway: name, key: keys[place], rules: .none, limits: IntakeLimits(),
        directory: Directory(sessions: sessions[place]), secretSeed: [7])
      for session in sessions[place] { core.enrol(session) }
      cores.append(core)
    }
    self.cores = cores
    for session in sessions[0] {
      let milliseconds = UInt64(Self.start / 1000)
      certificates[session.device] = DeviceCertificate(
        DeviceRequest(
          urn: session.device, key: Self.deviceKey(session.device).publicKey, nonce: Array(session.device.utf8),
          model: "air-quality", firmware: .sha256("1"), cell: "cell-7", owner: "org-1", slice: 3,
          capabilities: [
            DeviceCapability(
              name: "temperature", unit: "Cel", exponent: -2, low: -4000, high: 8500, resolution: 1, updateTime: 60)
          ], from: milliseconds, until: milliseconds + 86_400_000))
    }
  }

  func form(_ device: Int, seq: UInt64, minute: Int, value: Int64, place: (Double, Double)? = nil) -> ReadingForm {
    var records = [
      ReadingForm.Record(name: "temperature", unit: "Cel", value: .number(mantissa: value, exponent: -2))
    ]
    if let place {
      for (name, degrees) in [("lat", place.0), ("lon", place.1)] {
        records.append(.init(name: name, unit: name, value: .number(mantissa: Int64(degrees * 1e6), exponent: -6)))
      }
    }
    return ReadingForm(
      device: sessions[0][device].device, timeUs: Self.start + Int64(minute) * Self.minute, seq: seq, boot: 0,
      records: records)
  }

  func send(_ form: ReadingForm, of device: Int, at gateway: Int = 0, arrival: Int64? = nil) {
    let message = sessions[gateway][device].message(payload: form.encoded())
    let outcome = cores[gateway].accept(message, arrival: arrival ?? form.timeUs + 50_000)
    guard case .accepted = outcome else { return #expect(Bool(false), "\(outcome)") }
  }

  func seal(_ minute: Int) throws {
    for (place, core) in cores.enumerated() {
      let batches = try core.seal(now: Self.start + Int64(minute) * Self.minute + 100_000)
      try stores[place].commitNow(batches)
      headers[place] += batches.map { ($0.header, $0.statement.entry) }
    }
  }

  func inspect(
    _ anchored: ((String, UInt64) -> [UInt8]?)? = nil, span: Range<Int64> = 0..<Int64.max
  ) throws -> Inspection {
    for store in stores { store.close() }
    let sources = zip(zip(Self.names, keys), paths).map {
      Inspection.Source(name: $0.0.0, key: $0.0.1.publicKey, path: $0.1)
    }
    return try Inspection(sources, span: span, certificates: certificates) { name, number in
      if let anchored { return anchored(name, number) }
      return Self.names.firstIndex(of: name).flatMap {
        self.headers[$0].first { $0.header.number == number }?.statement
      }
    }
  }
}

/// Minutes of eight neighbours: a common course, an offset of each, and a little noise.
private func course(_ device: Int, _ minute: Int) -> Int64 {
  var random = UInt64(device * 10_007 + minute) &* 0x9e37_79b9_7f4a_7c15
  random ^= random >> 29
  random = random &* 0xbf58_476d_1ce4_e5b9
  random ^= random >> 32
  return 1800 + Int64(minute) + Int64(device) * 12 + Int64(random % 21) - 10
}

@Suite("Inspection of gateways' files")
struct InspectionTests {
  /// A day's part of eight devices, one reading a minute, with epochs; the parameters change what is sent.
  private func run(
    minutes: Int = 300, value: (_ device: Int, _ minute: Int) -> Int64 = course,
    place: (_ device: Int, _ minute: Int) -> (Double, Double)? = { _, _ in nil },
    altered: (device: Int, minute: Int)? = nil, extra: (Ground) throws -> Void = { _ in }
  ) throws -> Ground {
    let ground = try Ground(devices: 8)
    var chains = [Digest](repeating: Digest(), count: 8)
    var previous = chains
    for minute in 0..<minutes {
      for device in 0..<8 {
        let form = ground.form(
          device, seq: UInt64(minute), minute: minute, value: value(device, minute), place: place(device, minute))
        chains[device] = DeviceEpoch.chain(chains[device], payload: form.encoded())
        var sent = form
        if altered?.device == device, altered?.minute == minute {
          sent.records[0].value = .number(mantissa: 1, exponent: -2)
        }
        // The first device moves to the second gateway after half of the time.
        let gateway = device == 0 && minute >= minutes / 2 ? 1 : 0
        ground.send(sent, of: device, at: gateway)
        guard minute % 50 == 49 else { continue }
        let epoch = DeviceEpoch(
          device: form.device, boot: 0, first: UInt64(minute - 49), last: UInt64(minute), chain: chains[device],
          previous: previous[device], timeUs: form.timeUs)
        previous[device] = epoch.digest
        let message = try epoch.signed(key: Ground.deviceKey(form.device))
        _ = ground.cores[gateway].accept(message, arrival: form.timeUs + 60_000)
      }
      try ground.seal(minute)
    }
    try extra(ground)
    try ground.seal(minutes - 1)
    return ground
  }

  @Test("of honest gateways and sensors finds nothing, and counts what it has gone through")
  func honest() throws {
    let inspection = try run().inspect()
    #expect(inspection.findings.isEmpty, "\(inspection.findings.map(\.text.english))")
    #expect(inspection.figures.readings == 2400 && inspection.figures.devices == 8)
    #expect(inspection.figures.wholeEpochs == 48 && inspection.figures.partialEpochs == 0)
    let half = try run(minutes: 60).inspect(
      span: Ground.start..<Ground.start + 30 * Ground.minute)
    #expect(half.figures.readings == 240 && half.findings.isEmpty)
  }

  @Test("finds a key at two gateways: two readings of one number, and a counter behind its clock")
  func clone() throws {
    let twice = try run(
      minutes: 60,
      extra: { ground in
        ground.send(ground.form(3, seq: 20, minute: 59, value: 5), of: 3, at: 1)
      }
    ).inspect()
    #expect(twice.findings.map(\.kind) == [.clone])
    #expect(twice.findings[0].subject == "urn:dev:os:32473-3" && twice.findings[0].number == 20)
    #expect(twice.findings[0].evidence.count == 2)
    let behind = try run(
      minutes: 60,
      extra: { ground in
        ground.send(
          ground.form(3, seq: 500, minute: 58, value: 5), of: 3, at: 1, arrival: Ground.start + 59 * Ground.minute)
      }
    ).inspect()
    // One minute is what a clock may be set back by.
    #expect(behind.findings.isEmpty)
    let far = try run(
      minutes: 60,
      extra: { ground in
        ground.send(
          ground.form(3, seq: 500, minute: 57, value: 5), of: 3, at: 1, arrival: Ground.start + 59 * Ground.minute)
      }
    ).inspect()
    #expect(far.findings.map(\.kind) == [.clone])
    // The same reading through a second gateway is sent again, which is no fault.
    let again = try run(
      minutes: 60,
      extra: { ground in
        ground.send(ground.form(3, seq: 59, minute: 59, value: course(3, 59)), of: 3, at: 1)
      }
    ).inspect()
    #expect(again.findings.isEmpty)
  }

  @Test("finds an impossible journey, and lets trains pass")
  func travel() throws {
    // 0.07 degrees of latitude are 7.8 km: 467 km/h in a minute.
    let train = try run(minutes: 30, place: { device, minute in device == 1 ? (30 + 0.07 * Double(minute), 114) : nil })
    #expect(try train.inspect().findings.isEmpty)
    let jump = try run(
      minutes: 30, place: { device, minute in device == 1 ? (minute < 20 ? 30 : 30.2, 114) : nil }
    ).inspect()
    #expect(jump.findings.map(\.kind) == [.travel] && jump.findings[0].number == 20)
  }

  @Test("raises a question about a sensor that leaves its neighbours, or drifts away from them")
  func neighbours() throws {
    let heated = try run(value: { device, minute in
      course(device, minute) + (device == 5 && (120..<180).contains(minute) ? 900 : 0)
    }).inspect()
    #expect(heated.findings.map(\.kind) == [.neighbours])
    #expect(heated.findings[0].subject == "urn:dev:os:32473-5")
    #expect(heated.findings[0].timeUs == Ground.start + 120 * Ground.minute)
    let drifting = try run(value: { device, minute in
      course(device, minute) - (device == 2 ? Int64(max(0, minute - 100)) / 12 : 0)
    }).inspect()
    #expect(drifting.findings.map(\.kind) == [.drift], "\(drifting.findings.map(\.text.english))")
    #expect(drifting.findings.first?.subject == "urn:dev:os:32473-2")
    // What happens to all of them is weather.
    let weather = try run(value: { device, minute in course(device, minute) + (minute > 120 ? 900 : 0) }).inspect()
    #expect(weather.findings.isEmpty)
  }

  @Test("finds a device that repeats another one value for value; sensors at rest are not accused")
  func echo() throws {
    let echo = try run(
      minutes: 60,
      value: { device, minute in
        device == 6 && minute >= 10 ? course(4, minute - 2) : course(device, minute)
      }
    ).inspect()
    #expect(echo.findings.map(\.kind) == [.sybil])
    #expect(echo.findings.first?.subject == "urn:dev:os:32473-6")
    #expect(try run(minutes: 60, value: { _, _ in 2000 }).inspect().findings.isEmpty)
  }

  @Test("finds a gateway that alters, back-dates, equivocates or forks")
  func gateways() throws {
    let altered = try run(minutes: 100, altered: (4, 70)).inspect()
    #expect(altered.findings.map(\.kind) == [.alteration])
    #expect(altered.findings[0].subject == Ground.names[0] && altered.findings[0].number == 50)

    let backdated = try run(
      minutes: 20,
      extra: { ground in
        ground.send(
          ground.form(4, seq: 20, minute: 17, value: 2000), of: 4,
          arrival: Ground.start + 19 * Ground.minute - 90_000_000
        )
      }
    ).inspect()
    #expect(backdated.findings.map(\.kind) == [.backdating])

    let honest = try run(minutes: 20)
    let second = try CorruptGateway.secondHeader(of: honest.headers[0][6].header, key: honest.keys[0])
    let number = honest.headers[0][6].header.number
    let found = try honest.inspect { name, other in
      name == Ground.names[0] && other == number ? second : nil
    }.findings
    #expect(found.map(\.kind) == [.equivocation] && found[0].evidence == [second, honest.headers[0][6].statement])
    // Two headers that the gateway has signed prove it to the ledger's rules too.
    #expect(found[0].number == number && found[0].subject == Ground.names[0])
    // What the gateway has not signed proves nothing about it.
    let stranger = try CorruptGateway.secondHeader(of: honest.headers[0][6].header, key: honest.keys[1])
    #expect(
      try honest.inspect { name, other in name == Ground.names[0] && other == number ? stranger : nil }.findings.isEmpty
    )
  }
}
