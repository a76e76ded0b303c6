public import MediaHash

/// How many altered copies are found, by transform, and how many unrelated pictures are taken for copies.
public struct RobustnessTable: Sendable {
  /// What came of one transform.
  public struct Row: Sendable, Hashable {
    /// The transform's name.
    public let transform: String
    /// The least share to be found with variants in percent, if one is promised.
    public let target: Int?
    /// The number of pictures that were altered.
    public let pictures: Int
    /// How many are found by plain PDQ alone.
    public let foundPlain: Int
    /// How many are found with registered variants and probes.
    public let found: Int
    /// The median distance of plain PDQ.
    public let medianDistance: Int

    /// The share that is found with variants, in percent, rounded down.
    public var percent: Int { pictures == 0 ? 0 : 100 * found / pictures }
    /// The share that plain PDQ finds, in percent, rounded down.
    public var percentPlain: Int { pictures == 0 ? 0 : 100 * foundPlain / pictures }
    /// Whether the promise is kept.
    public var isMet: Bool { target.map { percent >= $0 } ?? true }
  }

  /// The rows, in the order of the transforms.
  public let rows: [Row]
  /// How many pictures were left out for a quality below 50.
  public let unreliable: Int
  /// How many pairs of codes of different pictures were compared: every registered variant with every probe.
  public let unrelatedPairs: Int
  /// How many of them are within the threshold.
  public let falsePositives: Int
  /// The smallest distance among them.
  public let smallestUnrelated: Int

  /// Measures pictures against transforms. Some 60 ms for a picture and a transform, and 30 ns for an unrelated pair.
  public static func measure(
    _ pictures: [RGBImage], transforms: [PictureTransform] = PictureTransform.all,
    radius: Int = PDQHash.matchingDistance
  ) -> RobustnessTable {
    var kept: [(image: RGBImage, codes: [PDQHash])] = []
    for image in pictures {
      let codes = PDQVariants.registered(of: image)
      guard codes[0].result.isReliable else { continue }
      kept.append((image, codes.filter(\.result.isReliable).map(\.result.hash)))
    }
    let rows = transforms.map { transform in
      var (plain, found, distances) = (0, 0, [Int]())
      for (image, codes) in kept {
        let probes = PDQVariants.probes(of: transform.apply(image)).map(\.result.hash)
        let distance = probes[0].distance(to: codes[0])
        distances.append(distance)
        if distance <= radius { plain += 1 }
        if probes.contains(where: { probe in codes.contains { $0.distance(to: probe) <= radius } }) { found += 1 }
      }
      distances.sort()
      return Row(
        transform: transform.name, target: transform.target, pictures: kept.count, foundPlain: plain, found: found,
        medianDistance: distances.isEmpty ? 0 : distances[distances.count / 2])
    }
    let probes = kept.map { PDQVariants.probes(of: $0.image).map(\.result.hash) }
    var (pairs, wrong, smallest) = (0, 0, 256)
    for (i, asked) in probes.enumerated() {
      for (j, other) in kept.enumerated() where i != j {
        for probe in asked {
          for code in other.codes {
            let distance = probe.distance(to: code)
            if distance <= radius { wrong += 1 }
            smallest = min(smallest, distance)
          }
        }
        pairs += asked.count * other.codes.count
      }
    }
    return RobustnessTable(
      rows: rows, unreliable: pictures.count - kept.count, unrelatedPairs: pairs, falsePositives: wrong,
      smallestUnrelated: smallest)
  }
}
