public import ArgumentParser

/// The data folder, the same option in every verb.
public struct DataOption: ParsableArguments {
  /// The folder of the consortium.
  @Option(name: .customLong("data"), help: ArgumentHelp("The data folder of the consortium.", valueName: "dir"))
  public var path: String

  /// For the parser.
  public init() {}
}
