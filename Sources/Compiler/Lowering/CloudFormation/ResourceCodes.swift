// The codes of functions and of APIs that stand in resources, for the catalogue.

package import Diagnostics

/// The codes that lowering functions, function URLs, WebSocket APIs and APIs of plain CloudFormation raises.
package enum ResourceCodes {
    package static let all: [DiagnosticCode] = [
        .apiUnserved, .authorizationType, .authorizationUnknown, .functionURL, .inlineCode, .layerElsewhere,
        .layerUnknown, .packageType, .resourcePath, .resourceUnknown, .routeTarget, .stageChosen, .stageMissing,
        .webSocketRoute,
    ]
}
