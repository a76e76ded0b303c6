import FiveG

/// When telephones upload over the simulated network's eMBB slice (5QI 9: buffered video, best effort; TS 23.501 table
/// 5.7.4-1).
struct MobileUploads {
  /// One upload as the network delivers it.
  struct Arrival {
    /// Microseconds from the beginning.
    let time: UInt64
    /// The telephone.
    let device: UInt32
    /// The cell that it is in.
    let cell: UInt16

    /// How it came, for the log of its capture; no line break.
    var log: String {
      "upload by device \(device) in cell \(cell) over slice eMBB, 5QI 9, arrived \(time) us"
    }
  }

  /// Telephones at most.
  static let devicesLimit = 10_000
  /// Seconds at most.
  static let secondsLimit = 3600
  /// The mean time between two uploads of one telephone, in microseconds.
  static let meanGap: Int64 = 40_000_000

  /// The uploads of so many telephones within so many seconds, in the order of their arrival; one seed, one list.
  static func arrivals(devices: Int, seconds: Int, seed: UInt64) throws -> [Arrival] {
    var phones = Fleet("phones", .camera, count: devices)
    (phones.slice, phones.fiveQI) = (SNSSAI(.eMBB), 9)
    phones.arrivals = .poisson(meanGap: meanGap)
    phones.payload = .video(mean: 40_000)
    let simulation = try Simulation(
      Scenario(name: "uploads", seed: seed, duration: Int64(seconds) * 1_000_000, fleets: [phones]))
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch(capacity: 1024)
    var uploads: [Arrival] = []
    while generator.next(&batch) {
      for row in batch.arrivals.indices {
        uploads.append(
          Arrival(time: UInt64(max(0, batch.arrivals[row])), device: batch.devices[row], cell: batch.cells[row]))
      }
    }
    return uploads
  }
}
