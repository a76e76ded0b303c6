/// The short words that CBV 2.0 defines for each field of an event.
///
/// A value of such a field is one of its words, or a URI or compact URI of another vocabulary.
public enum Vocabulary: Sendable, CaseIterable {
  /// Business steps (CBV 2.0 section 7.1).
  case bizStep
  /// Dispositions (CBV 2.0 section 7.2).
  case disposition
  /// Types of business transaction (CBV 2.0 section 7.3).
  case bizTransactionType
  /// Types of source and destination (CBV 2.0 section 7.4).
  case sourceDestinationType
  /// Reasons of an error declaration (CBV 2.0 section 7.5).
  case errorReason
  /// Components of a measurement (CBV 2.0 section 7.7).
  case component
  /// Types of measurement of the GS1 web vocabulary.
  case measurement
  /// Alarms of a sensor.
  case sensorAlert

  /// The words, each unique.
  public var words: Set<String> {
    switch self {
    case .bizStep: Self.bizStepWords
    case .disposition: Self.dispositionWords
    case .bizTransactionType: Self.bizTransactionTypeWords
    case .sourceDestinationType: Self.sourceDestinationTypeWords
    case .errorReason: Self.errorReasonWords
    case .component: Self.componentWords
    case .measurement: Self.measurementWords
    case .sensorAlert: Self.sensorAlertWords
    }
  }

  /// What the words are words of, for messages.
  var title: String {
    switch self {
    case .bizStep: "business step"
    case .disposition: "disposition"
    case .bizTransactionType: "type of business transaction"
    case .sourceDestinationType: "type of source or destination"
    case .errorReason: "reason of an error declaration"
    case .component: "component of a measurement"
    case .measurement: "type of measurement"
    case .sensorAlert: "sensor alarm"
    }
  }

  private static let bizStepWords: Set<String> = [
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning", "creating_class_instance",
    "cycle_counting", "decommissioning", "departing", "destroying", "disassembling", "dispensing", "encoding",
    "entering_exiting", "holding", "inspecting", "installing", "killing", "loading", "other", "packing", "picking",
    "receiving", "removing", "repackaging", "repairing", "replacing", "reserving", "retail_selling", "shipping",
    "staging_outbound", "stock_taking", "stocking", "storing", "transporting", "unloading", "unpacking",
    "void_shipping", "sensor_reporting", "sampling",
  ]
  private static let dispositionWords: Set<String> = [
    "active", "container_closed", "damaged", "destroyed", "dispensed", "disposed", "encoded", "expired",
    "in_progress", "in_transit", "inactive", "no_pedigree_match", "non_sellable_other", "partially_dispensed",
    "recalled", "reserved", "retail_sold", "returned", "sellable_accessible", "sellable_not_accessible", "stolen",
    "unknown", "available", "completeness_verified", "completeness_inferred", "conformant", "container_open",
    "mismatch_instance", "mismatch_class", "mismatch_quantity", "needs_replacement", "non_conformant",
    "unavailable",
  ]
  private static let bizTransactionTypeWords: Set<String> = [
    "bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd", "testres",
    "upevt",
  ]
  private static let sourceDestinationTypeWords: Set<String> = [
    "owning_party", "possessing_party", "location",
  ]
  private static let errorReasonWords: Set<String> = [
    "did_not_occur", "incorrect_data",
  ]
  private static let componentWords: Set<String> = [
    "x", "y", "z", "axial_distance", "azimuth", "height", "spherical_radius", "polar_angle", "elevation_angle",
    "easting", "northing", "latitude", "longitude", "altitude",
  ]
  private static let measurementWords: Set<String> = [
    "AbsoluteHumidity", "AbsorbedDose", "AbsorbedDoseRate", "Acceleration", "Radioactivity", "Altitude",
    "AmountOfSubstance", "AmountOfSubstancePerUnitVolume", "Angle", "AngularAcceleration", "AngularMomentum",
    "AngularVelocity", "Area", "Capacitance", "Conductance", "Conductivity", "Count", "Density", "Dimensionless",
    "DoseEquivalent", "DoseEquivalentRate", "DynamicViscosity", "ElectricCharge", "ElectricCurrent",
    "ElectricCurrentDensity", "ElectricFieldStrength", "Energy", "Exposure", "Force", "Frequency", "Illuminance",
    "Inductance", "Irradiance", "KinematicViscosity", "Length", "LinearMomentum", "Luminance", "LuminousFlux",
    "LuminousIntensity", "MagneticFlux", "MagneticFluxDensity", "MagneticVectorPotential", "Mass",
    "MassConcentration", "MassFlowRate", "MassPerAreaTime", "MemoryCapacity", "MolalityOfSolute", "MolarEnergy",
    "MolarMass", "MolarVolume", "Power", "Pressure", "RadiantFlux", "RadiantIntensity", "RelativeHumidity",
    "Resistance", "Resistivity", "SolidAngle", "SpecificVolume", "Speed", "SurfaceDensity", "SurfaceTension",
    "Temperature", "Time", "Torque", "Voltage", "Volume", "VolumeFlowRate", "VolumeFraction", "VolumetricFlux",
    "Wavenumber",
  ]
  private static let sensorAlertWords: Set<String> = [
    "ALARM_CONDITION", "ERROR_CONDITION",
  ]
}
