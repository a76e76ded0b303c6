// swift-tools-version:6.2
import PackageDescription

// The module graph. Arrows point up the list only: Primitives <- CBOR <- COSE <- Ledger <- LedgerServer <- Apps,
// Primitives <- Merkle <- Ledger, and Primitives <- JSON <- SenML. Siblings do not import each other.
let package = Package(
  name: "tallystick",
  products: [
    .executable(name: "traceability", targets: ["Traceability"]),
    .executable(name: "supplychain", targets: ["SupplyChain"]),
    .executable(name: "smartcity", targets: ["SmartCity"]),
    .executable(name: "copyright", targets: ["Copyright"]),
    .library(name: "Ledger", targets: ["Primitives", "CBOR", "COSE", "Merkle", "Ledger"]),
    .library(name: "LedgerServer", targets: ["LedgerServer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
    .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
  ],
  targets: [
    // Core
    .target(name: "CSHA256", path: "Core/CSHA256", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "Primitives", dependencies: ["CSHA256"], path: "Core/Primitives"),
    .target(name: "CBOR", dependencies: ["Primitives"], path: "Core/CBOR"),
    .target(name: "COpenSSL", path: "Core/COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "JSON", dependencies: ["Primitives"], path: "Core/JSON"),
    .target(name: "SenML", dependencies: ["Primitives", "CBOR", "JSON"], path: "Core/SenML"),
    .target(
      name: "COSE",
      dependencies: ["Primitives", "CBOR", "COpenSSL", .product(name: "Crypto", package: "swift-crypto")],
      path: "Core/COSE"),
    .target(name: "Merkle", dependencies: ["Primitives"], path: "Core/Merkle"),
    .target(name: "FiveG", path: "Core/FiveG"),
    .target(
      name: "FiveGScenario", dependencies: ["FiveG", .product(name: "Yams", package: "Yams")],
      path: "Core/FiveGScenario"),
    .target(
      name: "Ledger",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Merkle",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      path: "Core/Ledger"),
    .target(
      name: "Edge",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Merkle", "Ledger",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      path: "Core/Edge"),
    .target(name: "Value", dependencies: ["Primitives", "CBOR", "Ledger"], path: "Core/Value"),
    .target(name: "CMosquitto", path: "Core/CMosquitto", linkerSettings: [.linkedLibrary("mosquitto")]),
    .target(name: "MQTT", dependencies: ["Primitives", "CMosquitto"], path: "Core/MQTT"),
    .target(name: "EdgeIntake", dependencies: ["Primitives", "SenML", "Edge", "MQTT"], path: "Core/EdgeIntake"),
    .target(name: "ReadingStream", dependencies: ["Primitives", "FiveG"], path: "Core/ReadingStream"),
    .target(
      name: "EdgeFeed", dependencies: ["Primitives", "COSE", "Ledger", "FiveG", "Edge"], path: "Core/EdgeFeed"),
    .target(
      name: "LedgerServer",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Merkle", "Ledger",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      path: "Core/LedgerServer", resources: [.embedInCode("Pages/Resources")]),

    // Apps
    .target(name: "EPCIS", dependencies: ["Primitives", "JSON"], path: "Apps/Traceability/EPCIS"),
    .executableTarget(
      name: "Traceability",
      dependencies: [
        "Primitives", "CBOR", "JSON", "COSE", "Merkle", "Ledger", "LedgerServer", "EPCIS",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Apps/Traceability", exclude: ["EPCIS"]),

    .systemLibrary(
      name: "CLibXML2System", path: "Core/CLibXML2System", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CLibXML", dependencies: ["CLibXML2System"], path: "Core/CLibXML"),
    .target(name: "Invoices", dependencies: ["Primitives", "CLibXML"], path: "Apps/SupplyChain/Invoices"),

    .executableTarget(
      name: "SmartCity",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Ledger", "LedgerServer", "FiveG", "FiveGScenario", "Edge", "EdgeIntake", "MQTT",
        "ReadingStream", "EdgeFeed", "JSON", "SenML",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Apps/SmartCity", resources: [.embedInCode("Pages/Resources")]),

    .target(
      name: "FinanceRules", dependencies: ["Primitives", "CBOR", "COSE", "Ledger", "Value"],
      path: "Apps/SupplyChain/Rules"),
    .executableTarget(
      name: "SupplyChain",
      dependencies: [
        "Primitives", "COSE", "Ledger", "LedgerServer", "Value", "FinanceRules", "Invoices", "JSON",
        "FiveG", "Edge", "EdgeFeed",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Apps/SupplyChain", exclude: ["Rules", "Invoices"], resources: [.embedInCode("Pages/Resources")]),
    .target(
      name: "Rights", dependencies: ["Primitives", "CBOR", "COSE", "Ledger", "Value", "MediaHash", "TimeStamp"],
      path: "Apps/Copyright/Rights"),
    .target(
      name: "CTimeStamp", path: "Apps/Copyright/CTimeStamp", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "TimeStamp", dependencies: ["Primitives", "CTimeStamp"], path: "Apps/Copyright/TimeStamp"),
    .executableTarget(
      name: "Copyright",
      dependencies: [
        "Primitives", "COSE", "Ledger", "LedgerServer", "FiveG", "Value", "Rights", "MediaHash", "MediaDecode",
        "MediaAudio", "CQRCode", "TimeStamp",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      path: "Apps/Copyright",
      exclude: [
        "Rights", "MediaHash", "MediaDecode", "MediaAudio", "CPopcount", "CImageCodecs", "CChromaprint", "CQRCode",
        "CTimeStamp", "TimeStamp",
      ],
      sources: [
        "App.swift", "Bench", "Commands", "Demo.swift", "Evidence", "Media", "Pages", "Routes", "Routes.swift",
        "Search",
        "Uploads", "Words",
      ], resources: [.embedInCode("Resources")]),
    .target(
      name: "CQRCode", path: "Apps/Copyright/CQRCode", linkerSettings: [.linkedLibrary("qrencode")]),

    .target(name: "CPopcount", path: "Apps/Copyright/CPopcount"),
    .target(
      name: "CImageCodecs", path: "Apps/Copyright/CImageCodecs",
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("turbojpeg"), .linkedLibrary("webp")]),
    .target(name: "MediaHash", dependencies: ["Primitives", "CPopcount"], path: "Apps/Copyright/MediaHash"),
    .target(
      name: "CChromaprint", path: "Apps/Copyright/CChromaprint",
      linkerSettings: [.linkedLibrary("chromaprint"), .linkedLibrary("sndfile")]),
    .target(name: "MediaAudio", dependencies: ["CChromaprint"], path: "Apps/Copyright/MediaAudio"),
    .target(
      name: "MediaDecode", dependencies: ["Primitives", "MediaHash", "MediaAudio", "CImageCodecs"],
      path: "Apps/Copyright/MediaDecode"),

    // Samples
    .executableTarget(
      name: "RoamingSettlement",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Ledger", "LedgerServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Samples/RoamingSettlement"),

    // Tests
    .testTarget(name: "PrimitivesTests", dependencies: ["Primitives"], path: "Tests/PrimitivesTests"),
    .testTarget(name: "CBORTests", dependencies: ["Primitives", "CBOR"], path: "Tests/CBORTests"),
    .testTarget(name: "COSETests", dependencies: ["Primitives", "CBOR", "COSE"], path: "Tests/COSETests"),
    .testTarget(name: "MerkleTests", dependencies: ["Primitives", "Merkle"], path: "Tests/MerkleTests"),
    .testTarget(name: "FiveGTests", dependencies: ["FiveG", "FiveGScenario"], path: "Tests/FiveGTests"),
    .target(
      name: "LedgerTestKit", dependencies: ["Primitives", "CBOR", "COSE", "Merkle", "Ledger"],
      path: "Tests/LedgerTestKit"),
    .target(name: "CountingMalloc", path: "Tests/CountingMalloc"),
    .executableTarget(
      name: "AllocationProbe",
      dependencies: ["Primitives", "COSE", "Ledger", "LedgerServer", "LedgerTestKit", "CountingMalloc"],
      path: "Tests/AllocationProbe"),
    .target(name: "FaultVFS", path: "Tests/FaultVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
      name: "CrashChild", dependencies: ["Primitives", "COSE", "Ledger", "LedgerTestKit", "FaultVFS"],
      path: "Tests/CrashChild"),
    .testTarget(
      name: "LedgerTests",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Merkle", "Ledger", "LedgerTestKit", "AllocationProbe", "FaultVFS", "CrashChild",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "Tests/LedgerTests"),
    .testTarget(
      name: "SeamTests", dependencies: ["Primitives", "CBOR", "COSE", "Merkle", "Ledger", "LedgerTestKit"],
      path: "Tests/SeamTests"),
    .testTarget(
      name: "LedgerServerTests",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Merkle", "Ledger", "LedgerServer", "LedgerTestKit", "RoamingSettlement",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests/LedgerServerTests"),
    .testTarget(
      name: "TraceabilityTests", dependencies: ["Traceability", "LedgerTestKit"], path: "Tests/TraceabilityTests"),
    .testTarget(
      name: "SurroundingsTests", dependencies: ["Traceability", "RoamingSettlement", "Ledger", "LedgerTestKit"],
      path: "Tests/SurroundingsTests"),
    .testTarget(
      name: "WordsTests",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Ledger", "LedgerServer", "EPCIS", "Traceability", "RoamingSettlement",
        "SmartCity", "SupplyChain", "Invoices", "Copyright", "Rights", "Value", "LedgerTestKit",
      ], path: "Tests/WordsTests"),
    .testTarget(
      name: "RoamingSettlementTests", dependencies: ["RoamingSettlement", "LedgerTestKit"],
      path: "Tests/RoamingSettlementTests"),
    .testTarget(
      name: "FormatsTests",
      dependencies: [
        "Primitives", "CBOR", "JSON", "COSE", "Merkle", "Ledger", "EPCIS", "Traceability", "LedgerTestKit",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "Tests/FormatsTests"),
    .testTarget(
      name: "FuzzTests",
      dependencies: ["Primitives", "CBOR", "JSON", "SenML", "COSE", "Merkle", "Ledger", "EPCIS", "LedgerTestKit"],
      path: "Tests/FuzzTests"),
    .testTarget(name: "JSONTests", dependencies: ["Primitives", "JSON"], path: "Tests/JSONTests"),
    .testTarget(name: "SenMLTests", dependencies: ["Primitives", "CBOR", "JSON", "SenML"], path: "Tests/SenMLTests"),
    .testTarget(
      name: "EdgeTests",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Merkle", "Ledger", "FiveG", "Edge", "EdgeFeed", "LedgerTestKit",
      ],
      path: "Tests/EdgeTests"),
    .testTarget(
      name: "EdgeRulesTests", dependencies: ["Primitives", "CBOR", "COSE", "Ledger", "Edge", "LedgerTestKit"],
      path: "Tests/EdgeRulesTests"),
    .testTarget(
      name: "SmartCityTests",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Edge", "EdgeFeed", "EdgeIntake", "FiveG", "Ledger", "LedgerServer", "MQTT",
        "SmartCity", "LedgerTestKit",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
      ], path: "Tests/SmartCityTests"),
    .testTarget(name: "MQTTTests", dependencies: ["Primitives", "MQTT"], path: "Tests/MQTTTests"),
    .testTarget(
      name: "ReadingStreamTests",
      dependencies: ["Primitives", "SenML", "FiveG", "FiveGScenario", "ReadingStream", "MQTT"],
      path: "Tests/ReadingStreamTests"),
    .testTarget(
      name: "EdgeIntakeTests",
      dependencies: [
        "Primitives", "CBOR", "SenML", "COSE", "Ledger", "FiveG", "Edge", "EdgeFeed", "EdgeIntake", "MQTT",
        "LedgerServer", "SmartCity",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Tests/EdgeIntakeTests"),
    .testTarget(name: "InvoicesTests", dependencies: ["Primitives", "Invoices"], path: "Tests/InvoicesTests"),
    .testTarget(
      name: "SupplyChainTests",
      dependencies: ["Primitives", "COSE", "Ledger", "Value", "FinanceRules", "LedgerTestKit", "FaultVFS"],
      path: "Tests/SupplyChainTests"),
    .testTarget(
      name: "SupplyChainAppTests",
      dependencies: [
        "Primitives", "JSON", "COSE", "Ledger", "LedgerServer", "Value", "FinanceRules", "Invoices", "SupplyChain",
        "LedgerTestKit",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
      ], path: "Tests/SupplyChainAppTests"),
    .testTarget(
      name: "ValueTests", dependencies: ["Primitives", "COSE", "Ledger", "Value", "LedgerTestKit"],
      path: "Tests/ValueTests"),
    .testTarget(
      name: "CopyrightTests",
      dependencies: [
        "Primitives", "CBOR", "COSE", "Ledger", "Value", "Rights", "Copyright", "MediaHash", "MediaAudio",
        "MediaDecode", "TimeStamp", "LedgerTestKit",
        .product(name: "Hummingbird", package: "hummingbird"),
      ],
      path: "Tests/CopyrightTests"),
    .testTarget(
      name: "MediaHashTests",
      dependencies: [
        "Primitives", "JSON", "MediaHash", "CPopcount", .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "Tests/MediaHashTests"),
    .testTarget(
      name: "MediaAudioTests", dependencies: ["Primitives", "MediaHash", "MediaAudio", "CChromaprint"],
      path: "Tests/MediaAudioTests"),
    .executableTarget(
      name: "DecodeChild", dependencies: ["Primitives", "MediaHash", "MediaDecode"], path: "Tests/DecodeChild"),
    .testTarget(
      name: "MediaDecodeTests",
      dependencies: ["Primitives", "MediaHash", "MediaAudio", "MediaDecode", "DecodeChild"],
      path: "Tests/MediaDecodeTests"),
    .testTarget(name: "EPCISTests", dependencies: ["Primitives", "JSON", "EPCIS"], path: "Tests/EPCISTests"),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.name != "CountingMalloc" && target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
}
