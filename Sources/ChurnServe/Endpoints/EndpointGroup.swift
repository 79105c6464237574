/// Endpoints that share what they need.
protocol EndpointGroup {
    var endpoints: [Endpoint] { get }
}
