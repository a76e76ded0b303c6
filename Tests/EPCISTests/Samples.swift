import EPCIS

/// Documents of our own for tests that need no public data.
enum Samples {
  static let context =
    #""@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"x":"http://example.com/x/"}]"#
  static let when = #""eventTime":"2026-01-31T12:00:00.000+08:00","eventTimeZoneOffset":"+08:00""#

  static let object = """
    {"type":"ObjectEvent",\(when),"recordTime":"2026-01-31T04:00:01Z","eventID":"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6","action":"ADD",\
    "epcList":["urn:epc:id:sgtin:4012345.011111.1","https://shop.example/gtin/4012345111118/ser/2"],\
    "quantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.012345.L1","quantity":200.50,"uom":"KGM"}],"bizStep":"commissioning",\
    "disposition":"active","persistentDisposition":{"set":["completeness_verified"],"unset":["recalled"]},\
    "readPoint":{"id":"urn:epc:id:sgln:4012345.00005.0","note":"free"},"bizLocation":{"id":"https://x.example/gln/4012345000054"},\
    "bizTransactionList":[{"type":"po","bizTransaction":"urn:epc:id:gdti:0614141.00001.1618034"}],\
    "sourceList":[{"type":"owning_party","source":"urn:epc:id:pgln:4012345.00225"}],\
    "destinationList":[{"type":"location","destination":"urn:epc:id:sgln:0614141.00777.0"}],\
    "sensorElementList":[{"sensorMetadata":{"time":"2026-01-31T12:00:00+08:00","deviceID":"urn:epc:id:giai:4000001.111","x:m":1},\
    "sensorReport":[{"type":"Temperature","value":4.20,"minValue":3.9,"maxValue":4.6,"uom":"CEL","x:r":"r"},{"type":"cbv:Other","booleanValue":true}],\
    "x:own":"o"}],"ilmd":{"cbvmda:lotNumber":"L1"},"certificationInfo":["https://c.example/1"],\
    "errorDeclaration":{"declarationTime":"2026-02-01T00:00:00Z","reason":"incorrect_data","correctiveEventIDs":["urn:uuid:a"]},\
    "x:mine":{"x:deep":[1,"2",{"x:three":3}]}}
    """
  static let aggregation = """
    {"type":"AggregationEvent",\(when),"action":"ADD","parentID":"urn:epc:id:sscc:0614141.1234567890",\
    "childEPCs":["urn:epc:id:sgtin:4012345.011111.1"],"childQuantityList":[{"epcClass":"urn:epc:idpat:sgtin:4012345.098765.*","quantity":10}],\
    "bizStep":"packing","readPoint":{"id":"urn:epc:id:sgln:4012345.00005.0"}}
    """
  static let association = """
    {"type":"AssociationEvent",\(when),"action":"DELETE","parentID":"urn:epc:id:grai:4012345.55555.987"}
    """
  static let transaction = """
    {"type":"TransactionEvent",\(when),"action":"OBSERVE","parentID":"urn:epc:id:sscc:0614141.1234567890","epcList":[],\
    "bizTransactionList":[{"bizTransaction":"urn:epcglobal:cbv:bt:4012345123456:RE1099"}]}
    """
  static let transformation = """
    {"type":"TransformationEvent",\(when),"inputEPCList":["urn:epc:id:sgtin:4012345.011122.25"],\
    "inputQuantityList":[{"epcClass":"urn:epc:class:lgtin:0614141.077777.987","quantity":30}],\
    "outputQuantityList":[{"epcClass":"urn:epc:class:lgtin:4054739.099902.P20131121","quantity":9520}],\
    "transformationID":"urn:epc:id:gdti:4012345.55555.1234","bizStep":"http://example.com/step","ilmd":{"x:batch":"XYZ"}}
    """
  static let events = [object, aggregation, association, transaction, transformation]

  static func document(_ events: [String] = Samples.events) -> String {
    """
    {\(context),"id":"https://id.example.org/d","type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-31T04:00:00Z",\
    "sender":"a","epcisHeader":{"epcisMasterData":{"vocabularyList":[{"type":"urn:epcglobal:epcis:vtype:Location",\
    "vocabularyElementList":[{"id":"urn:epc:id:sgln:4012345.00005.0","attributes":[{"id":"cbvmda:site","attribute":"1"}],\
    "children":["urn:epc:id:sgln:4012345.00005.1"]}]}]}},"epcisBody":{"eventList":[\(events.joined(separator: ","))]}}
    """
  }

  static func queryDocument(_ events: [String] = Samples.events) -> String {
    """
    {\(context),"type":"EPCISQueryDocument","epcisBody":{"queryResults":{"queryName":"q","subscriptionID":"s",\
    "resultsBody":{"eventList":[\(events.joined(separator: ","))]}}}}
    """
  }
}
