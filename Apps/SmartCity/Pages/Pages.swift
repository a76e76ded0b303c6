package import Hummingbird
package import LedgerServer
import Primitives

/// The application's pages and routes.
extension SmartCityApp {
  package static let pages = PageSet(
    product: "Smart city", program: name,
    links: [
      PageSet.Link("/city", "City"), PageSet.Link("/kpi", "Figures"), PageSet.Link("/devices", "Devices"),
      PageSet.Link("/incidents", "Incidents"),
    ],
    templates: [
      "city": PackageResources.city_mustache, "citymap": PackageResources.citymap_mustache,
      "citytables": PackageResources.citytables_mustache, "kpi": PackageResources.kpi_mustache,
      "devices": PackageResources.devices_mustache, "device": PackageResources.device_mustache,
      "incidents": PackageResources.incidents_mustache,
    ])

  package typealias Serving = CityServing

  package static func addRoutes(to router: Router<LedgerRequestContext>, of server: ServerContext) {
    let city = CityServer(server)
    city.addCity(to: router)
    city.addFigures(to: router)
    city.addDevices(to: router)
    city.addDevice(to: router)
    city.addRecords(to: router)
    city.addGateways(to: router)
    if let gateways = city.gateways, !gateways.gateways.isEmpty {
      EdgeRoutes.add(to: router, gateways.gateways.map(\.intake))
    }
  }
}
