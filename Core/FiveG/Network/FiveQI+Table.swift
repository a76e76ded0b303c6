extension FiveQI {
  /// All rows of TS 23.501 table 5.7.4-1, by rising 5QI value.
  ///
  /// 5QI 75 is reserved and has no row. Columns: value, resource type, priority, delay budget in ms, negative exponent of
  /// the packet error rate, maximum data burst volume in bytes, example.
  public static let table: [FiveQI] = [
    row(1, .guaranteed, 20, 100, 2, nil, "voice"),
    row(2, .guaranteed, 40, 150, 3, nil, "live video"),
    row(3, .guaranteed, 30, 50, 3, nil, "V2X messages, gaming, MV electricity, process monitoring"),
    row(4, .guaranteed, 50, 300, 6, nil, "buffered video"),
    row(5, .nonGuaranteed, 10, 100, 6, nil, "IMS signalling"),
    row(6, .nonGuaranteed, 60, 300, 6, nil, "TCP video"),
    row(7, .nonGuaranteed, 70, 100, 3, nil, "voice, live video"),
    row(8, .nonGuaranteed, 80, 300, 6, nil, "TCP"),
    row(9, .nonGuaranteed, 90, 300, 6, nil, "default bearer"),
    row(10, .nonGuaranteed, 90, 1100, 6, nil, "satellite access"),
    row(65, .guaranteed, 7, 75, 2, nil, "mission-critical voice"),
    row(66, .guaranteed, 20, 100, 2, nil, "non-mission-critical PTT"),
    row(67, .guaranteed, 15, 100, 3, nil, "mission-critical video (patrol drone, CCTV)"),
    row(69, .nonGuaranteed, 5, 60, 6, nil, "mission-critical signalling (alarms)"),
    row(70, .nonGuaranteed, 55, 200, 6, nil, "mission-critical data"),
    row(71, .guaranteed, 56, 150, 6, nil, "live uplink streaming"),
    row(72, .guaranteed, 56, 300, 4, nil, "live uplink streaming"),
    row(73, .guaranteed, 56, 300, 8, nil, "live uplink streaming"),
    row(74, .guaranteed, 56, 500, 8, nil, "live uplink streaming"),
    row(76, .guaranteed, 56, 500, 4, nil, "live uplink streaming"),
    row(79, .nonGuaranteed, 65, 50, 2, nil, "V2X"),
    row(80, .nonGuaranteed, 68, 10, 6, nil, "low-latency eMBB, AR"),
    row(82, .delayCritical, 19, 10, 4, 255, "discrete automation, small"),
    row(83, .delayCritical, 22, 10, 4, 1354, "discrete automation, big; platooning"),
    row(84, .delayCritical, 24, 30, 5, 1354, "intelligent transport"),
    row(85, .delayCritical, 21, 5, 5, 255, "HV electricity; remote driving"),
    row(86, .delayCritical, 18, 5, 4, 1354, "V2X advanced driving"),
    row(87, .delayCritical, 25, 5, 3, 500, "motion tracking"),
    row(88, .delayCritical, 25, 10, 3, 1125, "motion tracking"),
    row(89, .delayCritical, 25, 15, 4, 17000, "split rendering"),
    row(90, .delayCritical, 25, 20, 4, 63000, "split rendering"),
  ]

  /// The row of a 5QI value; nil for reserved and operator-specific values.
  ///
  /// - Complexity: linear in the table; resolve once, not per packet.
  public static func standard(_ value: UInt8) -> FiveQI? { table.first { $0.value == value } }

  private static func row(
    _ value: UInt8, _ resource: Resource, _ priority: UInt8, _ budget: UInt16, _ exponent: UInt8, _ burst: UInt32?,
    _ example: String
  ) -> FiveQI {
    FiveQI(
      value: value, resource: resource, priority: priority, delayBudgetMs: budget, errorExponent: exponent,
      maximumBurstBytes: burst, example: example)
  }
}
