import LedgerServer
import MediaHash
import Primitives
import Rights

/// What several pages say in the same words.
enum PageWords {
  /// A kind of work.
  static func kind(_ kind: WorkKind) -> Message {
    switch kind {
    case .photo: "Picture"
    case .text: "Text"
    case .audio: "Sound"
    case .video: "Video"
    }
  }

  /// A verdict.
  static func verdict(_ verdict: Verdict) -> Message {
    switch verdict {
    case .licensed: "Licensed"
    case .infringing: "Infringing"
    case .insufficientQuality: "Insufficient quality"
    case .disputed: "Disputed"
    }
  }

  /// The colour of a verdict.
  static func tone(_ verdict: Verdict) -> String {
    switch verdict {
    case .licensed: "good"
    case .infringing: "bad"
    case .insufficientQuality: "quiet"
    case .disputed: "warn"
    }
  }

  /// A step in an incident.
  static func step(_ step: IncidentStep.Step) -> Message {
    switch step {
    case .notice: "Notice given"
    case .counterNotice: "Counter-notice"
    case .removed: "Taken down"
    case .settled: "Settled"
    case .withdrawn: "Notice withdrawn"
    case .upheld: "Upheld by the regulator"
    case .rejected: "Rejected by the regulator"
    }
  }

  /// A link in the chain of title.
  static func title(_ kind: TitleEvent.Kind) -> Message {
    switch kind {
    case .registration: "Registered"
    case .transfer: "Shares transferred"
    case .inheritance: "Shares inherited"
    case .presale: "Shares sold in a pre-sale"
    case .judgment: "Assigned by judgment"
    }
  }

  /// A use.
  static func use(_ use: Use) -> Message {
    switch use {
    case .reproduction: "copies"
    case .distribution: "distribution"
    case .rental: "renting out"
    case .exhibition: "exhibition"
    case .performance: "public performance"
    case .screening: "public screening"
    case .broadcasting: "broadcast"
    case .network: "on networks"
    case .filming: "filming it"
    case .adaptation: "adaptations"
    case .translation: "translations"
    case .compilation: "collections"
    }
  }

  /// Uses in a row.
  static func uses(_ uses: Uses) -> Message { uses.list.map(use).joined(separator: ", ") }

  /// Countries in a row.
  static func territory(_ territory: Territory) -> Message {
    territory.isWorld ? "worldwide" : Message(territory.countries.joined(separator: " "))
  }

  /// How a pre-sale stands.
  static func presale(_ status: PresaleRecord.Status) -> Message {
    switch status {
    case .open: "open for pledges"
    case .sold: "sold, goal reached"
    case .refunded: "refunded, goal missed"
    }
  }

  /// How much of a work a party holds.
  static func share(_ share: Share) -> String { "\(share.party) \(RightsText.percent(share.ppm))" }

  /// Which codes were compared.
  static func compared(_ algorithm: MediaCode.Algorithm, variant: UInt64, probe: UInt64) -> Message {
    switch algorithm {
    case .passage: "Passages, the first from character \(probe + 1) of it and \(variant + 1) of the work"
    case .sound: "Sound by Chromaprint, second by second"
    case .frame: "Frames by vPDQ, one a second"
    case .pdq, .text, .audio: "\(algorithm.name), registered variant \(variant), probe \(probe)"
    }
  }

  /// How near a file is to a work.
  static func distance(_ algorithm: MediaCode.Algorithm, _ distance: Int, percent: Int?) -> Message {
    guard algorithm.parts != nil, let percent else { return "\(distance) of 256 bits; alike up to \(Matching.radius)" }
    return switch algorithm {
    case .passage: "\(percent) of 100 passages of the work are in it"
    case .sound: "\(percent) of 100 seconds of the work are in it"
    default: "\(percent) of 100 frames of the work are in it"
    }
  }

  /// How a file differs from the work that it was found to be.
  static func change(
    _ algorithm: MediaCode.Algorithm, variant: UInt64, probe: UInt64, distance: Int, isSameFile: Bool
  ) -> Message {
    if isSameFile { return "Nothing: it is the very file that was registered." }
    if algorithm == .passage { return "Passages were taken out of it." }
    if algorithm == .sound || algorithm == .frame { return "Parts of it are there, or all of it in another encoding." }
    guard algorithm == .pdq else {
      return distance == 0
        ? "Hardly anything: the codes are the same."
        : "Some of it, or how it is encoded: the codes are near each other."
    }
    let changes = [seen(probe), registered(variant)].compactMap { $0 }
    guard !changes.isEmpty else {
      return distance == 0
        ? "Hardly anything: size or encoding at most."
        : "Tones, size, encoding, or something small in it; not its outline."
    }
    return changes.joined(separator: " ")
  }

  /// What the form of the file that fits says of it.
  private static func seen(_ probe: UInt64) -> Message? {
    switch UInt8(exactly: probe).flatMap(PDQProbe.init(rawValue:)) {
    case .plain?, .upright?, nil: nil
    case .turned90?, .turned270?: "It was turned by a right angle."
    case .turned180?: "It was turned upside down."
    case .mirrored?: "It was mirrored."
    case .mirroredTurned90?, .mirroredTurned180?, .mirroredTurned270?: "It was mirrored and turned."
    }
  }

  /// What the form of the work that fits says of the file.
  private static func registered(_ variant: UInt64) -> Message? {
    switch UInt8(exactly: variant).flatMap(PDQVariant.init(rawValue:)) {
    case .plain?, .smooth?, nil: nil
    case .crop25?: "About 2.5 % of each side was cut off."
    case .crop50?: "About 5 % of each side was cut off."
    case .crop75?: "About 7.5 % of each side was cut off."
    case .crop100?: "About 10 % of each side was cut off."
    case .turnedMinus4?, .turnedMinus2?: "It was turned a little anticlockwise."
    case .turned2?, .turned4?: "It was turned a little clockwise."
    case .trimmed?: "Its border was removed."
    }
  }

  /// A short form of a number of bytes.
  static func size(_ bytes: Int) -> String {
    if bytes < 1024 { return "\(bytes) B" }
    if bytes < 1 << 20 { return "\(bytes / 1024) KiB" }
    let tenths = bytes * 10 / (1 << 20)
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
