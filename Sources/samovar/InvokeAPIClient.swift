// One invocation through the Lambda Invoke API.

internal import Dispatch
internal import Glibc
internal import JSON
internal import Manifest
internal import SystemPackage

/// What an endpoint of the Invoke API answers.
struct InvokeAnswer: Sendable {
    let status: Int
    /// The fields by name in lower case.
    let fields: [String: String]
    let payload: [UInt8]

    /// Reads a response that ends where the connection does.
    ///
    /// - Throws: `CommandError` where it is none, or not whole.
    init(parsing response: [UInt8]) throws(CommandError) {
        guard let end = response.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw CommandError("the endpoint has closed the connection without an answer")
        }
        let lines = String(decoding: response[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw CommandError("the endpoint does not speak HTTP/1.1")
        }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields[line[..<colon].lowercased()] = String(value)
        }
        self.status = status
        self.fields = fields
        payload = Array(response[end.upperBound...])
        if let length = fields["content-length"].flatMap({ Int($0) }), payload.count != length {
            throw CommandError("the answer of the endpoint is cut short")
        }
    }
}

/// Invokes functions at one endpoint, each over a connection of its own.
///
/// The request says HTTP/1.0: the answer then comes whole and undivided, and the connection ends with it.
struct InvokeAPIClient: Sendable {
    /// Longer answers than any of Lambda's are not read.
    private static let maximumBytes = 32 << 20

    let endpoint: Endpoint

    /// Invokes a function and waits for its answer, however long that takes.
    ///
    /// - Parameters:
    ///   - function: its name; an emulator knows only one.
    ///   - payload: the event.
    ///   - tenant: for whom it is invoked; nil for nobody.
    /// - Returns: the answer.
    /// - Throws: `CommandError` where there is none; `CancellationError` where the task is cancelled.
    func invoke(_ function: String, payload: [UInt8], tenant: String?) async throws -> InvokeAnswer {
        let socket = try await onThread { () throws(CommandError) in try connect() }
        defer { close(socket) }
        let request = request(function, payload: payload, tenant: tenant)
        let response = try await withTaskCancellationHandler {
            try await onThread { () throws(CommandError) in try exchange(request, over: socket) }
        } onCancel: {
            shutdown(socket, Int32(SHUT_RDWR))
        }
        try Task.checkCancellation()
        return try InvokeAnswer(parsing: response)
    }

    /// Does what blocks on a thread that nobody else waits for.
    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(CommandError) -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                do throws(CommandError) { continuation.resume(returning: try work()) } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private func request(_ function: String, payload: [UInt8], tenant: String?) -> [UInt8] {
        let name = endpoint.wire == .rie ? "function" : EventRequest.escaped(function)
        var head = "POST \(endpoint.basePath)/2015-03-31/functions/\(name)/invocations HTTP/1.0\r\n"
        head += "Host: \(endpoint.hostField)\r\nContent-Type: application/json\r\n"
        if let tenant { head += "X-Amz-Tenant-Id: \(tenant)\r\n" }
        return Array("\(head)Content-Length: \(payload.count)\r\n\r\n".utf8) + payload
    }

    private func connect() throws(CommandError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let failure = getaddrinfo(endpoint.host, "\(endpoint.port)", &hints, &found)
        guard failure == 0 else {
            throw CommandError("cannot find '\(endpoint.host)': \(String(cString: gai_strerror(failure)))")
        }
        defer { freeaddrinfo(found) }
        var problem = Errno.noSuchAddressOrDevice
        var next = found
        while let address = next {
            let socket = socket(
                address.pointee.ai_family,
                address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
                address.pointee.ai_protocol
            )
            if Glibc.connect(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 { return socket }
            problem = Errno(rawValue: errno)
            close(socket)
            next = address.pointee.ai_next
        }
        throw CommandError("cannot connect to \(endpoint.authority): \(problem)")
    }

    private func exchange(_ request: [UInt8], over socket: Int32) throws(CommandError) -> [UInt8] {
        let descriptor = FileDescriptor(rawValue: socket)
        var response: [UInt8] = []
        do {
            // One who refuses the request may answer without having read all of it.
            _ = try? descriptor.writeAll(request)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
            defer { buffer.deallocate() }
            while true {
                let count = try descriptor.read(into: buffer)
                if count == 0 { return response }
                response += buffer[..<count]
                if response.count > Self.maximumBytes { throw Errno.fileTooLarge }
            }
        } catch {
            throw CommandError("the connection to \(endpoint.authority) has failed: \(error)")
        }
    }
}
