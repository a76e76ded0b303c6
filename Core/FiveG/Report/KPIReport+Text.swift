extension KPIReport {
  /// The report as plain text of up to 120 columns, with simulated and measured figures in sections of their own.
  public var text: String {
    var lines = ["\(scenario): required (ITU-R M.2410) and simulated", ""]
    lines.append(Self.columns(["capability", "required", "simulated", "unit", "met"], [44, 14, 14, 14, 4]))
    for row in rows {
      let required = row.requirement.map { (row.isUpperBound ? "<= " : ">= ") + Self.number($0) } ?? "-"
      let met = row.isMet.map { $0 ? "yes" : "no" } ?? "-"
      lines.append(
        Self.columns(
          [row.name, required, row.simulated.map(Self.number) ?? "-", row.unit, met], [44, 14, 14, 14, 4]))
      lines.append("    " + row.basis)
    }
    lines += ["", "Simulated slices (air and total in ms at 50 / 99 / 99.9 %)", ""]
    let widths = [14, 12, 12, 11, 8, 8, 24, 24]
    lines.append(Self.columns(["slice", "sent", "delivered", "loss", "late", "moves", "air", "total"], widths))
    for slice in slices {
      let air = slice.airUs.map { Self.number(Double($0) / 1000) }.joined(separator: " / ")
      let total = slice.totalUs.map { Self.number(Double($0) / 1000) }.joined(separator: " / ")
      lines.append(
        Self.columns(
          [
            slice.slice, "\(slice.sent)", "\(slice.delivered)", Self.number(slice.lossRate), "\(slice.overBudget)",
            "\(slice.handovers)", air, total,
          ], widths))
    }
    if !processing.isEmpty {
      lines += ["", "Measured on this machine (own processing; no part of any figure above)", ""]
      for figure in processing {
        lines.append(Self.columns([figure.name, Self.number(figure.value), figure.unit], [44, 14, 14]))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func columns(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (cell, width) in zip(cells, widths) {
      line += cell
      line += String(repeating: " ", count: max(1, width - cell.count))
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// Five significant digits, without an exponent unless the number is very small.
  static func number(_ value: Double) -> String {
    if value == 0 || !value.isFinite { return value == 0 ? "0" : "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 10_000 && scale < 1e12 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    if rounded == rounded.rounded() && abs(rounded) < 1e15 { return "\(Int64(rounded))" }
    return "\(rounded)"
  }
}
