// The codes of the pass Lower, for the catalogue.

package import Diagnostics

/// The codes that the pass Lower raises.
package enum LoweringCodes {
    package static let all: [DiagnosticCode] = [
        .accessLogFormat, .apiAbsent, .apiUnknown, .authIgnored, .authorizerIncomplete, .authorizerName,
        .authorizerStandIn, .authorizerUnknown, .authorizerUnsupported, .authWithoutEffect, .codeMissing,
        .corsCredentials, .corsOriginsOnly, .corsUnquoted, .corsValue, .definitionConflict, .definitionRemote,
        .documentInvalid, .documentReference, .documentSecurity, .documentVersion, .environmentName,
        .environmentReserved, .environmentUnknown, .eventNotInDocument, .eventType, .fieldReserved, .functionAbsent,
        .functionConflict, .functionElsewhere, .functionName, .functionNotRun, .functionRefused, .functionUnnamed,
        .includedProperties, .integrationMethod, .integrationTarget, .integrationType, .integrationUnserved,
        .methodUnknown, .modelUnknown, .notServed, .operationEmpty, .operationUnknown, .parameterPlace, .pathInvalid,
        .pathTrailingSlash, .payloadFormat, .payloadMissing, .payloadUnquoted, .propertyMissing, .propertyRange,
        .propertyType, .routesUnread, .routeUnsupported, .schemeUnknown, .secretInManifest, .settingLeftOut,
        .settingUnknown, .stageName, .stageVariable, .usagePlanChoice, .validatorUnknown,
        .valueUnknown,
    ]
}
