/// One of the forms in which a registered picture is put on record, by its stable number.
public enum PDQVariant: UInt8, Sendable, CaseIterable {
  /// The picture itself: plain PDQ.
  case plain = 0
  /// Without 2.5 % of each side.
  case crop25 = 1
  /// Without 5 % of each side.
  case crop50 = 2
  /// Without 7.5 % of each side.
  case crop75 = 3
  /// Without 10 % of each side.
  case crop100 = 4
  /// Turned by 4 degrees anticlockwise.
  case turnedMinus4 = 5
  /// Turned by 2 degrees anticlockwise.
  case turnedMinus2 = 6
  /// Turned by 2 degrees clockwise.
  case turned2 = 7
  /// Turned by 4 degrees clockwise.
  case turned4 = 8
  /// Made smaller by averaging instead of the nearest pixel; pictures of more than 512 pixels along a side only.
  case smooth = 9
  /// Without its border of one colour; pictures that have one only.
  case trimmed = 10

  /// The variant's name in reports.
  public var name: String {
    switch self {
    case .plain: "plain"
    case .crop25: "crop 2.5 %"
    case .crop50: "crop 5 %"
    case .crop75: "crop 7.5 %"
    case .crop100: "crop 10 %"
    case .turnedMinus4: "turned -4 degrees"
    case .turnedMinus2: "turned -2 degrees"
    case .turned2: "turned 2 degrees"
    case .turned4: "turned 4 degrees"
    case .smooth: "averaged"
    case .trimmed: "border trimmed"
    }
  }
}

/// One of the forms in which a picture that was seen is looked for, by its stable number.
public enum PDQProbe: UInt8, Sendable, CaseIterable {
  /// The picture itself: plain PDQ.
  case plain = 0
  /// Without a border of one colour, made smaller by averaging.
  case upright = 1
  /// The same, turned clockwise by 90 degrees.
  case turned90 = 2
  /// The same, turned by 180 degrees.
  case turned180 = 3
  /// The same, turned clockwise by 270 degrees.
  case turned270 = 4
  /// The same, mirrored left to right.
  case mirrored = 5
  /// The same, mirrored left to right and turned clockwise by 90 degrees.
  case mirroredTurned90 = 6
  /// The same, mirrored top to bottom.
  case mirroredTurned180 = 7
  /// The same, mirrored left to right and turned clockwise by 270 degrees.
  case mirroredTurned270 = 8

  /// The probe's name in reports.
  public var name: String {
    switch self {
    case .plain: "plain"
    case .upright: "upright"
    case .turned90: "turned 90 degrees"
    case .turned180: "turned 180 degrees"
    case .turned270: "turned 270 degrees"
    case .mirrored: "mirrored"
    case .mirroredTurned90: "mirrored, turned 90 degrees"
    case .mirroredTurned180: "mirrored top to bottom"
    case .mirroredTurned270: "mirrored, turned 270 degrees"
    }
  }
}

/// The codes of a picture's variants and probes: what is registered, and what is asked for.
///
/// A registered work has codes of its crops and small turns, a picture that was seen is trimmed, turned and mirrored:
/// so copies that PDQ alone misses are found at its own threshold.
public enum PDQVariants {
  /// The name of these rules; a change of any variant's pixels changes it.
  public static let rules = "variants 2"

  /// One code of a registered picture.
  public struct Code: Sendable, Hashable {
    /// Which.
    public let variant: PDQVariant
    /// Hash and quality.
    public let result: PDQResult
  }

  /// One code to look for.
  public struct Probe: Sendable, Hashable {
    /// Which.
    public let probe: PDQProbe
    /// Hash and quality.
    public let result: PDQResult
  }

  /// The codes to register for a picture: plain PDQ first, then the others by number.
  ///
  /// Variants 9 and 10 are there only for pictures that they differ for. About twenty milliseconds
  /// at 1024 by 768.
  public static func registered(of image: RGBImage) -> [Code] {
    let work = image.averaged512()
    var codes = [Code(variant: .plain, result: PDQ.hash(image))]
    func add(_ variant: PDQVariant, _ picture: RGBImage) {
      codes.append(Code(variant: variant, result: PDQ.hash(picture)))
    }
    for (variant, permille) in crops {
      let (x, y) = (work.width * permille / 1000, work.height * permille / 1000)
      if let part = work.cropped(x: x, y: y, width: work.width - 2 * x, height: work.height - 2 * y) {
        add(variant, part)
      }
    }
    // A squeezed picture is turned as the unsqueezed one would be.
    let aspect = Float(image.width * work.height) / Float(image.height * work.width)
    for (variant, sine, cosine) in turns { add(variant, work.turned(sine: sine, cosine: cosine, aspect: aspect)) }
    if work.width != image.width || work.height != image.height { add(.smooth, work) }
    let trimmed = image.trimmed()
    if trimmed.width != image.width || trimmed.height != image.height { add(.trimmed, trimmed.averaged512()) }
    return codes
  }

  /// The codes to look for when a picture was seen: plain PDQ and the eight ways to turn and mirror what is left
  /// without a border; nine, or eight where the first two are the same.
  ///
  /// About three milliseconds at 1024 by 768.
  public static func probes(of image: RGBImage) -> [Probe] {
    let plain = PDQ.hash(image)
    var probes = [Probe(probe: .plain, result: plain)]
    let work = image.trimmed().averaged512()
    for (probe, (_, result)) in zip(PDQProbe.allCases.dropFirst(), PDQ.orientations(work)) {
      if probe == .upright && result == plain { continue }
      probes.append(Probe(probe: probe, result: result))
    }
    return probes
  }

  private static let crops: [(PDQVariant, permille: Int)] = [
    (.crop25, 25), (.crop50, 50), (.crop75, 75), (.crop100, 100),
  ]

  /// Sines and cosines written out, so that no library's rounding gets into a code.
  private static let turns: [(PDQVariant, sine: Float, cosine: Float)] = [
    (.turnedMinus4, -0.069756474, 0.997564050), (.turnedMinus2, -0.034899497, 0.999390827),
    (.turned2, 0.034899497, 0.999390827), (.turned4, 0.069756474, 0.997564050),
  ]
}
