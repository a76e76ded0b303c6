/// How readings of the simulation are written for other systems.
public enum ReadingFormat: String, Sendable, CaseIterable {
  /// SenML packs as JSON, each on a line of its own (RFC 8428, section 5).
  case senml
  /// SenML packs as CBOR, one after the other (RFC 8428, section 6; RFC 8742).
  case senmlCBOR = "senml-cbor"
  /// Resolved SenML records as JSON objects, each on a line of its own.
  case ndjson

  /// The media type of one message: a pack, or lines.
  public var mediaType: String {
    switch self {
    case .senml: "application/senml+json"
    case .senmlCBOR: "application/senml+cbor"
    case .ndjson: "application/x-ndjson"
    }
  }
}
