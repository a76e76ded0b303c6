internal import JSON

extension JSONValue {
  /// The elements of an array, or the value itself as a list of one; null and absent lists are empty.
  ///
  /// JSON-LD allows a list of one to be written without brackets.
  var elements: [JSONValue] {
    switch content {
    case .array(let values): values
    case .null: []
    default: [self]
    }
  }
}
