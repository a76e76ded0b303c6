public import Edge
public import FiveG

extension IntakeClass {
  /// The class in which a gateway serves what came over a 5QI: the urgency of the slice goes on behind the radio.
  ///
  /// Alarms, and mission-critical signalling (5QI 69), are alarms; what the network itself treats as delay-critical, as
  /// mission-critical (65, 67, 70), or within 50 ms at a guaranteed rate is critical; all else is ordinary.
  public init(_ kind: PacketBatch.Kind, fiveQI: UInt8) {
    if kind == .alarm || fiveQI == 69 {
      self = .alarm
      return
    }
    let row = FiveQI.standard(fiveQI)
    let isCritical =
      row?.resource == .delayCritical || [65, 67, 70].contains(fiveQI)
      || row?.resource == .guaranteed && row.map { $0.delayBudgetMs <= 50 } == true
    self = isCritical ? .critical : .ordinary
  }
}
