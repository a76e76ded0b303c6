public import Edge
internal import FiveG

extension FeedDevices {
  /// The rules of every model, by raw value: what its channels can measure, and what they do where nothing is wrong.
  ///
  /// Every test of QARTOD that one device's readings allow is made where the model lets it be: gross range and location
  /// everywhere, spike and flat line for levels, climatology for what has a day, attenuation for what reports often.
  public static func rules() throws(EdgeError) -> QualityRules {
    try QualityRules(
      models: DeviceModel.allCases.map { model in
        model.channels.filter { $0.kind != .digest }.map { rule($0, model) }
      })
  }

  private static func rule(_ channel: Channel, _ model: DeviceModel) -> QualityRule {
    var rule = QualityRule(
      name: channel.name, exponent: channel.exponent, sensorSpan: channel.lowest...channel.highest,
      operatorSpan: channel.lowest...channel.highest)
    guard let usual = channel.usual else { return rule }
    rule.operatorSpan = usual.span
    // Three values differ from each other by at most twice the variation, so a clean one is no spike; a faulty one is off
    // by eight times as much.
    rule.spike = 3 * usual.variation
    if usual.hasDay {
      rule.climates = [
        Climate(hours: 0...8, span: usual.night), Climate(hours: 9...20, span: usual.day),
        Climate(hours: 21...23, span: usual.night),
      ]
    }
    // At the ends of its range an honest sensor repeats itself too, and one without noise does so everywhere.
    if !usual.isClipped, usual.noise >= 5 {
      rule.flatCount = 10
      if reportsOften.contains(model) {
        rule.attenuation = Attenuation(range: usual.noise, periodMs: 6 * 3_600_000)
      }
    }
    return rule
  }

  /// Some seventy readings in the six hours that a signal is looked at for.
  private static let reportsOften: Set<DeviceModel> = [.airQuality, .noise, .weather, .soil, .coldChain]
}
