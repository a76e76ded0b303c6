package import CBOR

/// What a use was, as of the time of use.
package enum Verdict: UInt64, Sendable, CaseIterable {
  /// A licence covered it, or the user owned the work.
  case licensed
  /// Nothing on the ledger allowed it.
  case infringing
  /// The file shows too little to accuse anyone.
  case insufficientQuality
  /// It was in dispute whose the work was.
  case disputed

  /// The verdict's name in answers.
  package var name: String { String(describing: self) }
}

/// The value under `incidents` and `workIncidents`: a sighting of a registered work.
package struct Incident: RightsRecord, Equatable {
  /// Why the work was found: the files are the same, or look alike.
  package enum Basis: UInt64, Sendable {
    /// The very file that was registered.
    case sameFile
    /// Codes within the radius.
    case alike
  }

  /// The work (1).
  package let work: String
  /// The log entry of the sighting (2).
  package let entry: UInt64
  /// What the use was (3).
  package let verdict: Verdict
  /// Why the work was found (4).
  package let basis: Basis
  /// What was compared (5).
  package let algorithm: MediaCode.Algorithm
  /// In how many of 256 bits the codes differ (6).
  package let distance: UInt64
  /// Which registered code it was (7).
  package let variant: UInt64
  /// Which of the sighting's codes it was (8).
  package let probe: UInt64
  /// The quality of the sighting's code (9).
  package let quality: UInt64
  /// When the file was seen, milliseconds since 1970 (10).
  package let seenAt: UInt64
  /// Who used it (11).
  package let user: String
  /// Where it was (12).
  package let place: String
  /// The licence that covered it, by its log entry (13); nil where none did, or the user owned the work.
  package let licence: UInt64?
  /// The member that runs the place, if one does (14).
  package let platform: String?
  /// The steps since: kind, time, entry (15).
  package var steps: [Step]

  /// A step that was taken.
  package struct Step: Sendable, Hashable {
    /// Which.
    package let step: IncidentStep.Step
    /// When, milliseconds since 1970.
    package let time: UInt64
    /// In which log entry.
    package let entry: UInt64
  }

  /// Whether a final step has been taken.
  package var isOver: Bool { steps.last?.step.isFinal ?? false }

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(15)
    fields.text(work)
    fields.uint(entry)
    fields.uint(verdict.rawValue)
    fields.uint(basis.rawValue)
    fields.uint(algorithm.rawValue)
    fields.uint(distance)
    fields.uint(variant)
    fields.uint(probe)
    fields.uint(quality)
    fields.uint(seenAt)
    fields.text(user)
    fields.text(place)
    fields.optional(licence)
    fields.optional(platform)
    fields.list(steps) { cbor, step in
      cbor.array(3)
      cbor.uint(step.step.rawValue)
      cbor.uint(step.time)
      cbor.uint(step.entry)
    }
    return fields.bytes
  }

  init(
    _ sighting: Sighting, entry: UInt64, match: Match, basis: Basis, verdict: Verdict, licence: UInt64?
  ) {
    (work, self.entry, self.verdict, self.basis) = (match.work, entry, verdict, basis)
    (algorithm, distance, variant) = (match.algorithm, UInt64(match.distance), match.variant)
    (probe, quality) = (match.probe, match.quality)
    (seenAt, user, place, self.licence) = (sighting.seenAt, sighting.user, sighting.place, licence)
    (platform, steps) = (sighting.platform, [])
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 15)
    work = try fields.text(TextBounds.work)
    entry = try fields.uint()
    verdict = try fields.word()
    basis = try fields.word()
    algorithm = try fields.word()
    distance = try fields.uint(max: 256)
    variant = try fields.uint()
    probe = try fields.uint()
    quality = try fields.uint(max: 100)
    seenAt = try fields.uint()
    user = try fields.text(Party.length)
    place = try fields.text(TextBounds.line)
    licence = try fields.optionalUint()
    platform = try fields.optionalText(Party.length)
    steps = try fields.list(0...64) { cbor throws(CBORError) in
      try cbor.tuple(3)
      guard let step = IncidentStep.Step(rawValue: try cbor.uint()) else {
        throw CBORError(.outOfRange, at: cbor.position)
      }
      return Step(step: step, time: try cbor.uint(), entry: try cbor.uint())
    }
    try fields.finish()
  }
}
