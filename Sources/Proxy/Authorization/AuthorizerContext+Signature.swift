// What a signed request tells the function of its caller.

extension AuthorizerContext {
    /// The context of a signed request: `{"iam":{…}}` in format 2.0 (developer guide, "Create AWS Lambda proxy
    /// integrations for HTTP APIs"); format 1.0 has the caller in its identity.
    convenience init(signedBy caller: CallerIdentity) {
        let writer = ByteWriter(capacity: 512)
        func write(_ name: StaticString, _ value: String?) {
            writer.write("\"")
            writer.write(name)
            writer.write("\":")
            if let value { writer.write(jsonString: value) } else { writer.write("null") }
        }
        writer.write(#"{"iam":{"#)
        write("accessKey", caller.accessKey)
        writer.write(",")
        write("accountId", caller.accountID)
        writer.write(",")
        write("callerId", caller.caller)
        writer.write(#","cognitoIdentity":"#)
        if let cognito = caller.cognito {
            let methods = [cognito.authenticationType, cognito.authenticationProvider].compactMap { $0 }
            writer.write(#"{"amr":["#)
            for (index, method) in methods.enumerated() {
                if index > 0 { writer.write(",") }
                writer.write(jsonString: method)
            }
            writer.write("],")
            write("identityId", cognito.identityID)
            writer.write(",")
            write("identityPoolId", cognito.identityPoolID)
            writer.write("},")
        } else {
            writer.write("null,")
        }
        write("principalOrgId", caller.principalOrganizationID)
        writer.write(",")
        write("userArn", caller.userARN)
        writer.write(",")
        write("userId", caller.caller)
        writer.write("}}")
        self.init(
            version1: Array(#"{"claims":null,"scopes":null}"#.utf8),
            version2: Array(writer.bytes),
            properties: [:]
        )
    }
}
