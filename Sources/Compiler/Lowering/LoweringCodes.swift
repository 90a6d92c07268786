// The codes of the pass Lower, for the catalogue.

package import Diagnostics

/// The codes that the pass Lower raises.
package enum LoweringCodes {
    package static let all: [DiagnosticCode] = [
        .apiAbsent, .apiUnknown, .authorizerName, .authorizerUnknown, .authorizerUnsupported, .authorizerIncomplete, .definitionConflict, .definitionRemote,
        .documentReference, .documentSecurity, .documentVersion, .eventNotInDocument, .operationEmpty,
        .operationUnknown, .schemeUnknown, .validatorUnknown, .authWithoutEffect, .codeMissing, .integrationMethod, .payloadMissing, .functionAbsent, .functionConflict, .functionElsewhere,
        .functionUnnamed, .integrationTarget, .integrationType, .integrationUnserved, .payloadUnquoted, .documentInvalid, .modelUnknown,
        .parameterPlace, .usagePlanChoice,
        .corsCredentials, .corsOriginsOnly, .corsUnquoted, .corsValue, .environmentName,
        .environmentReserved, .environmentUnknown, .eventType, .functionName, .functionNotRun, .includedProperties,
        .methodUnknown,
        .notServed, .pathInvalid, .pathTrailingSlash, .payloadFormat, .propertyMissing, .propertyRange, .propertyType,
        .routeUnsupported, .routesUnread, .secretInManifest, .settingUnknown, .settingUnsupported, .stageName,
        .valueUnknown,
    ]
}
