// Payload format 2.0, of HTTP APIs.

internal import NIOCore

extension EventWriter {
    /// Writes the whole event. Members that have no value are left out.
    func writeVersion2() {
        writer.write(#"{"version":"2.0","#)
        writeRequest2()
        let encodes = encodesContent
        if exchange.content.readableBytes > 0 {
            writer.write(#","body":"#)
            writeContent(base64: encodes)
        }
        writer.write(encodes ? #","isBase64Encoded":true}"# : #","isBase64Encoded":false}"#)
    }

    /// Writes the members that say what has been requested, which functions and authorizers both get.
    func writeRequest2() {
        let query = head.query(in: memory)
        writer.write(#""routeKey":"#)
        writer.write(template.routeKey)
        writer.write(#","rawPath":"#)
        writePath(decoded: true)
        writer.write(#","rawQueryString":"#)
        writer.write(jsonString: query)
        writeCookies()
        writeHeaders2()
        writeQuery2(query)
        writeContext2()
        if !exchange.captures.isEmpty {
            writer.write(#","pathParameters":"#)
            writePathParameters()
        }
        if !stageVariables.isEmpty {
            writer.write(#","stageVariables":"#)
            writer.write(stageVariables)
        }
    }

    /// `cookies`: what stands between the `; ` of all Cookie fields.
    private func writeCookies() {
        guard head.fields.contains(.cookie) else { return }
        var separator: StaticString = #","cookies":["#
        for field in head.fields.fields where field.name == .cookie {
            let value = field.value(in: memory)
            var start = 0
            while start < value.count {
                let end = value.firstIndex(of: UInt8(ascii: ";"), from: start) ?? value.count
                let cookie = value.slice(start, end).trimmed
                if !cookie.isEmpty {
                    writer.write(separator)
                    writer.write(jsonString: cookie)
                    separator = ","
                }
                start = end + 1
            }
        }
        // Nothing but separators has been sent: then there are no cookies.
        if separator.utf8CodeUnitCount == 1 { writer.write(UInt8(ascii: "]")) }
    }

    /// `headers`: names in lower case, values of one name joined by a comma without a space.
    private func writeHeaders2() {
        let fields = eventFields().filter { $0.name != .cookie }
        writer.write(#","headers":{"content-length":""#)
        writer.write(decimal: contentLength)
        writer.write(#"","#)
        forEachName(fields, duplicates: hasDuplicates(fields)) { field, values in
            writer.write(lowercasedJSONString: field.name(in: memory))
            writer.write(UInt8(ascii: ":"))
            writeJoined(values)
            writer.write(UInt8(ascii: ","))
        }
        writer.write(#""x-amzn-trace-id":"#)
        writeTraceID()
        writer.write(#","x-forwarded-for":"#)
        writeForwardedFor()
        writer.write(#","x-forwarded-port":""#)
        writer.write(decimal: exchange.localPort)
        writer.write(#"","x-forwarded-proto":"http"}"#)
    }

    private func writeJoined(_ values: NamedValues) {
        writer.write(UInt8(ascii: "\""))
        writer.writeEscaped(values.first)
        for value in values.others {
            writer.write(UInt8(ascii: ","))
            writer.writeEscaped(value)
        }
        writer.write(UInt8(ascii: "\""))
    }

    private func writeQuery2(_ text: UnsafeRawBufferPointer) {
        let query = QueryParameters(text, semicolonSeparates: false)
        guard !query.isEmpty else { return }
        var separator: StaticString = #","queryStringParameters":{"#
        query.forEachName { name, values in
            writer.write(separator)
            writer.write(jsonString: name)
            writer.write(UInt8(ascii: ":"))
            writeJoined(values)
            separator = ","
        }
        writer.write(UInt8(ascii: "}"))
    }

    private func writeContext2() {
        writer.write(#","requestContext":{"#)
        writer.write(template.identifiers)
        writer.write(UInt8(ascii: ","))
        if let authorizer = exchange.authorizer {
            writer.write(#""authorizer":"#)
            writer.write(authorizer.version2)
            writer.write(UInt8(ascii: ","))
        }
        writeDomain()
        writer.write(#","http":{"method":"#)
        writer.write(jsonString: head.method(in: memory))
        writer.write(#","path":"#)
        writePath(decoded: true)
        writer.write(#","protocol":"HTTP/1.1","sourceIp":""#)
        writer.write(exchange.remoteAddress)
        writer.write(#"","userAgent":"#)
        writeUserAgent(missing: "\"\"")
        writer.write(#"},"requestId":""#)
        exchange.requestID.withExtendedID { writer.write($0) }
        writer.write(#"","routeKey":"#)
        writer.write(template.routeKey)
        writer.write(#","stage":""#)
        writer.write(template.stage)
        writer.write(#"","time":"#)
        writeEventDate()
        writer.write(#","timeEpoch":"#)
        writer.write(decimal: exchange.startTime.milliseconds)
        writer.write(UInt8(ascii: "}"))
    }
}
