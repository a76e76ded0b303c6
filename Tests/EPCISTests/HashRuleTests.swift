import EPCIS
import JSON
import Testing

/// Each rule of the event hash with cases of its own.
struct HashRuleTests {
  private let head = #""type":"ObjectEvent","eventTime":"2020-01-01T00:00:00Z","eventTimeZoneOffset":"+00:00""#
  private let start = "eventType=ObjectEventeventTime=2020-01-01T00:00:00.000ZeventTimeZoneOffset=+00:00"

  /// What follows the time in the pre-hash of an event with these members.
  private func tail(_ members: String, context: String? = nil, _ version: EventHash.Version = .cbv20) throws -> String {
    let event = try json("{\(head),\(members)}")
    let text = EventHash.preHash(event, context: try context.map { try json($0) }, version: version)
    #expect(text.hasPrefix(start))
    return String(text.dropFirst(start.count))
  }

  @Test func `fields stand in the order of the standard whatever the order of members`() throws {
    let fields = [
      #""destinationList":[{"destination":"a:d","type":"location"}]"#,
      #""sourceList":[{"source":"a:s","type":"owning_party"}]"#,
      #""bizTransactionList":[{"bizTransaction":"a:b"}]"#, #""bizLocation":{"id":"a:l"}"#, #""readPoint":{"id":"a:r"}"#,
      #""persistentDisposition":{"unset":["expired","damaged"],"set":["recalled","active"]}"#,
      #""disposition":"in_transit""#,
      #""bizStep":"shipping""#, #""transformationID":"a:t""#, #""action":"ADD""#,
      #""outputQuantityList":[{"epcClass":"a:oq"}]"#,
      #""outputEPCList":["a:o"]"#, #""inputQuantityList":[{"epcClass":"a:iq"}]"#,
      #""childQuantityList":[{"epcClass":"a:cq"}]"#,
      #""quantityList":[{"uom":"KGM","quantity":7,"epcClass":"a:q"}]"#, #""childEPCs":["a:c"]"#,
      #""inputEPCList":["a:i"]"#,
      #""parentID":"a:p""#, #""epcList":["a:e2","a:e1"]"#,
    ]
    let expected =
      "epcListepc=a:e1epc=a:e2parentID=a:pinputEPCListepc=a:ichildEPCsepc=a:cquantityListquantityElementepcClass=a:qquantity=7uom=KGM"
      + "childQuantityListquantityElementepcClass=a:cqinputQuantityListquantityElementepcClass=a:iqoutputEPCListepc=a:o"
      + "outputQuantityListquantityElementepcClass=a:oqaction=ADDtransformationID=a:tbizStep=https://ref.gs1.org/cbv/BizStep-shipping"
      + "disposition=https://ref.gs1.org/cbv/Disp-in_transitpersistentDispositionset=https://ref.gs1.org/cbv/Disp-active"
      + "set=https://ref.gs1.org/cbv/Disp-recalledunset=https://ref.gs1.org/cbv/Disp-damagedunset=https://ref.gs1.org/cbv/Disp-expired"
      + "readPointid=a:rbizLocationid=a:lbizTransactionListbizTransaction=a:bsourceListtype=https://ref.gs1.org/cbv/SDT-owning_party"
      + "source=a:sdestinationListtype=https://ref.gs1.org/cbv/SDT-locationdestination=a:d"
    for version in EventHash.Version.allCases {
      #expect(try tail(fields.joined(separator: ","), version) == expected)
      #expect(try tail(fields.reversed().joined(separator: ","), version) == expected)
    }
  }

  @Test func `absent and empty fields give nothing`() throws {
    let empty =
      #""epcList":[],"childEPCs":[""],"quantityList":[{}],"bizStep":" ","disposition":null,"persistentDisposition":{"set":[]},"#
      + #""readPoint":{},"bizTransactionList":[],"sourceList":[{}],"sensorElementList":[{"sensorMetadata":{},"sensorReport":[{}]}],"ilmd":{}"#
    for version in EventHash.Version.allCases { #expect(try tail(empty, version) == "") }
  }

  @Test func `what is added later or only a comment stays outside`() throws {
    let outside =
      #""recordTime":"2021-01-01T00:00:00Z","eventID":"a:x","errorDeclaration":{"declarationTime":"2021-01-01T00:00:00Z"},"#
      + #""certificationInfo":"a:c","@context":{"q":"http://q/"},"comment":"c","rdfs:comment":"r","#
      + ##""q:o":{"comment":"c","rdfs:comment":"r","#text":"t","q:v":1}"##
    for version in EventHash.Version.allCases { #expect(try tail(outside, version) == "{http://q/}o{http://q/}v=1") }
  }

  @Test func `vocabulary in every spelling gives the web vocabulary`() throws {
    for step in [
      "shipping", " shipping ", "urn:epcglobal:cbv:bizstep:shipping", "cbv:BizStep-shipping",
      "https://ref.gs1.org/cbv/BizStep-shipping",
    ] {
      #expect(try tail("\"bizStep\":\"\(step)\"") == "bizStep=https://ref.gs1.org/cbv/BizStep-shipping", "\(step)")
    }
    for disposition in ["active", "urn:epcglobal:cbv:disp:active"] {
      #expect(try tail("\"disposition\":\"\(disposition)\"") == "disposition=https://ref.gs1.org/cbv/Disp-active")
    }
    for type in ["po", "urn:epcglobal:cbv:btt:po", "cbv:BTT-po"] {
      let expected = "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=a:b"
      #expect(try tail(#""bizTransactionList":[{"bizTransaction":"a:b","type":"\#(type)"}]"#) == expected)
    }
    for type in ["location", "urn:epcglobal:cbv:sdt:location"] {
      let expected = "sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=a:b"
      #expect(try tail(#""sourceList":[{"source":"a:b","type":"\#(type)"}]"#) == expected)
    }
    #expect(try tail(#""x:y":"urn:epcglobal:cbv:er:did_not_occur""#) == "x:y=https://ref.gs1.org/cbv/ER-did_not_occur")
    // A word of no field stays a word.
    #expect(try tail(#""x:y":"shipping""#) == "x:y=shipping")
  }

  @Test func `compact names expand by document and event, gs1 always to the reference vocabulary`() throws {
    let context =
      #"["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"gs1":"https://gs1.org/voc/","e":"http://d/"},{"f":{"@id":"http://f/"}}]"#
    #expect(try tail(#""e:a":1,"f:a":2,"g:a":3"#, context: context) == "g:a=3{http://d/}a=1{http://f/}a=2")
    #expect(try tail(#""@context":[{"e":"http://event/"}],"e:a":1"#, context: context) == "{http://event/}a=1")
    #expect(try tail(#""@context":{"e":"http://event/"},"e:a":1"#) == "{http://event/}a=1")
    #expect(
      try tail(#""gs1:a":"gs1:Angle""#, context: context) == "{https://ref.gs1.org/voc/}a=https://ref.gs1.org/voc/Angle"
    )
    // A user's own compact value stays, a user's prefix for GS1 vocabulary does not.
    #expect(try tail(#""e:a":"e:value""#, context: context) == "{http://d/}a=e:value")
    #expect(
      try tail(#""z:a":"z:Angle""#, context: #"{"z":"https://gs1.org/voc/"}"#)
        == "{https://gs1.org/voc/}a=https://gs1.org/voc/Angle")
    #expect(try tail(#""cbvmda:lot":"A""#) == "{urn:epcglobal:cbv:mda}lot=A")
    #expect(
      try tail(#""cbvmda:lot":"A""#, context: #"[{"cbvmda":"urn:epcglobal:cbv:mda:"}]"#)
        == "{urn:epcglobal:cbv:mda:}lot=A")
  }

  @Test func `prefixes of one document do not reach another`() throws {
    _ = try tail(#""e:a":1"#, context: #"{"e":"http://d/"}"#)
    #expect(try tail(#""e:a":1"#) == "e:a=1")
  }

  @Test func `extensions are sorted as whole texts in byte order`() throws {
    let members =
      #""x:list":["b","a",{"y:k":2,"y:j":1},[3,1],[],{}],"x:object":{"x:deep":{"x:deeper":{"b":"2","a":"1.0"}},"x:a":true},"x:empty":"","#
      + #""x:null":null,"x:none":[],"x:中":"é","x:\ud83d\ude00":"z","x:\uffee":"w""#
    let expected =
      "x:emptyx:listx:listx:list=1=3x:list=ax:list=bx:listy:j=1y:k=2x:nullx:objectx:a=truex:deepx:deepera=1b=2x:中=éx:\u{ffee}=wx:😀=z"
    // The list in a list gives its values without a name.
    for version in EventHash.Version.allCases { #expect(try tail(members, version) == expected) }
  }

  @Test func `values of extensions are canonical, times are not`() throws {
    let members =
      #""x:a":"urn:epc:id:sgtin:4012345.011111.9876","x:b":"https://shop.example/gtin/4012345111118?x=1","x:c":"007","x:d":1.50,"#
      + #""x:eventTime":"2020-01-01T01:00:00.1239+01:00","x:f":"  trimmed  ","x:g":1E3,"x:h":false"#
    let expected =
      "x:a=https://id.gs1.org/01/04012345111118/21/9876x:b=https://id.gs1.org/01/04012345111118x:c=7x:d=1.5"
      + "x:eventTime=2020-01-01T01:00:00.1239+01:00x:f=trimmedx:g=1000x:h=false"
    #expect(try tail(members) == expected)
  }

  @Test func `extensions inside fields follow the version`() throws {
    let members =
      #""readPoint":{"id":"a:r","x:b":"2","x:a":"1"},"bizLocation":{"x:c":"3","id":"a:l"},"ilmd":{"x:i":"i"},"x:z":"z","#
      + #""sensorElementList":[{"x:own":"o","sensorMetadata":{"time":"2020-01-01T00:00:00Z","x:m":"m"},"#
      + #""sensorReport":[{"type":"Temperature","x:r":"r","value":2.0},{"type":"Angle","component":"x"}]}]"#
    let regular =
      "readPointid=a:r%1bizLocationid=a:l%2%0sensorElementsensorMetadatatime=2020-01-01T00:00:00.000Z%3sensorReport"
      + "type=https://ref.gs1.org/voc/Anglecomponent=https://ref.gs1.org/cbv/Comp-xsensorReporttype=https://ref.gs1.org/voc/Temperaturevalue=2%4%5"
    func fill(_ parts: [String]) -> String {
      parts.enumerated().reduce(regular) { $0.replacing("%\($1.offset)", with: $1.element) }
    }
    #expect(
      try tail(members)
        == fill(["", "", "", "", "", ""])
        + "ilmdx:i=ireadPointx:a=1x:b=2bizLocationx:c=3sensorElementsensorMetadatax:m=msensorReportx:r=rx:own=ox:z=z")
    #expect(
      try tail(members, .cbv21)
        == fill(["sensorElementList", "x:a=1x:b=2", "x:c=3", "x:m=m", "x:r=r", "x:own=o"]) + "ilmdx:i=ix:z=z")
  }

  @Test func `sensor elements and reports are sorted and their fields are in order`() throws {
    let report =
      #"{"coordinateReferenceSystem":"a:crs","uom":"CEL","percValue":12.70,"percRank":50,"sDev":0.10,"meanValue":13.2,"maxValue":26.2,"#
      + #""minValue":-1,"uriValue":"a:u","hexBinaryValue":"f0","booleanValue":true,"stringValue":"s","component":"x","value":26.0,"#
      + #""chemicalSubstance":"a:ch","microorganism":"a:mi","time":"2020-01-01T02:00:00+02:00","dataProcessingMethod":"a:dp","#
      + #""rawData":"a:ra","deviceMetadata":"a:dm","deviceID":"urn:epc:id:giai:4000001.111","exception":"ALARM_CONDITION","type":"gs1:Temperature"}"#
    let expected =
      "sensorReporttype=https://ref.gs1.org/voc/Temperatureexception=https://ref.gs1.org/voc/ALARM_CONDITION"
      + "deviceID=https://id.gs1.org/8004/4000001111deviceMetadata=a:dmrawData=a:radataProcessingMethod=a:dptime=2020-01-01T00:00:00.000Z"
      + "microorganism=a:michemicalSubstance=a:chvalue=26component=https://ref.gs1.org/cbv/Comp-xstringValue=sbooleanValue=true"
      + "hexBinaryValue=f0uriValue=a:uminValue=-1maxValue=26.2meanValue=13.2sDev=0.1percRank=50percValue=12.7uom=CEL"
      + "coordinateReferenceSystem=a:crs"
    let second =
      #"{"sensorReport":[{"type":"a:z"},{"type":"a:b"}],"sensorMetadata":{"bizRules":"a:q","endTime":"2020-01-01T00:00:00.9996Z","startTime":"2020-01-01T00:00:00Z"}}"#
    let secondText =
      "sensorElementsensorMetadatastartTime=2020-01-01T00:00:00.000ZendTime=2020-01-01T00:00:01.000ZbizRules=a:qsensorReporttype=a:bsensorReporttype=a:z"
    #expect(
      try tail(#""sensorElementList":[{"sensorReport":[\#(report)]},\#(second)]"#)
        == "\(secondText)sensorElement\(expected)")
  }

  @Test func `spelling does not change the hash and content does`() throws {
    let one = try json(
      #"{"type":"ObjectEvent","eventTime":"2023-01-11T12:00:00+01:00","eventTimeZoneOffset":"+01:00","action":"OBSERVE","epcList":["urn:epc:id:sgtin:4012345.011111.9876","a:b"],"quantityList":[{"epcClass":"a:c","quantity":1.0}]}"#
    )
    let same = try json(
      #"{"quantityList":[{"quantity":1,"epcClass":"a:c"}],"epcList":["a:b","https://x.example/gtin/4012345111118/ser/9876?q"],"action":"OBSERVE","eventTimeZoneOffset":"+01:00","eventTime":"2023-01-11T11:00:00.0004Z","type":"ObjectEvent","errorDeclaration":{"declarationTime":"2024-01-01T00:00:00Z"}}"#
    )
    let other = try json(
      #"{"type":"ObjectEvent","eventTime":"2023-01-11T12:00:00+01:00","eventTimeZoneOffset":"+01:00","action":"OBSERVE","epcList":["urn:epc:id:sgtin:4012345.011111.9877","a:b"],"quantityList":[{"epcClass":"a:c","quantity":1.0}]}"#
    )
    for version in EventHash.Version.allCases {
      let hash = EventHash.compute(one, context: nil, version: version)
      #expect(hash == EventHash.compute(same, context: nil, version: version))
      #expect(hash != EventHash.compute(other, context: nil, version: version))
      #expect(hash.hasPrefix("ni:///sha-256;") && hash.hasSuffix("?ver=\(version.rawValue)") && hash.utf8.count == 89)
    }
  }

  @Test func `the worked example of the generator`() throws {
    let event = try json(
      #"{"type":"ObjectEvent","eventTime":"2023-01-11T12:00:00+01:00","eventTimeZoneOffset":"+01:00","epcList":["https://id.gs1.de/01/04012345999990/21/XYZ-1234"],"action":"OBSERVE","bizStep":"receiving","disposition":"in_progress","readPoint":{"id":"https://id.gs1.de/414/4012345000115"},"bizTransactionList":[{"type":"desadv","bizTransaction":"urn:epcglobal:cbv:bt:4012345000009:ASN1099"}]}"#
    )
    #expect(
      EventHash.compute(event, context: nil)
        == "ni:///sha-256;65f196f1b17e2525de2b6f45f5d31d74fa3fdf1e689863484f8e9660cc36f69f?ver=CBV2.0")
  }
}
