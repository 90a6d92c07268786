// The codes of functions and of APIs that stand in resources, for the catalogue.

package import Diagnostics

/// The codes that lowering functions, function URLs, WebSocket APIs and APIs of plain CloudFormation raises.
package enum ResourceCodes {
    package static let all: [DiagnosticCode] = [
        .apiUnserved, .functionURL, .inlineCode, .layerElsewhere, .layerUnknown, .packageType, .webSocketRoute,
    ]
}
