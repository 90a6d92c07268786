// Files in the place of routes: opened and read on a thread pool, written as fast as the client takes them.

internal import Manifest
internal import NIOCore
internal import NIOPosix

extension ClientConnection {
    /// How much of a file is in memory at a time.
    private static let pieceSize = 64 * 1024

    /// What has been found for a request, with its first piece.
    private struct Finding: Sendable {
        let file: StaticFile
        let selection: FileSelection
        let modified: [UInt8]
        let range: Range<Int>
        let first: ByteBuffer
    }

    /// Looks for a file that answers a request which no route takes.
    ///
    /// - Returns: whether it is looked for; then the exchange goes on by itself.
    func serveFile(_ exchange: Exchange) -> Bool {
        guard let folder = loop.staticFolder, exchange.refusal == nil,
            exchange.head.method == .get || exchange.head.method == .head
        else { return false }
        phase = .waiting
        arm(30_000)
        let bound = NIOLoopBound((self, exchange), eventLoop: loop.eventLoop)
        let head = exchange.head
        NIOThreadPool.singleton.runIfActive(eventLoop: loop.eventLoop) {
            Self.find(head, in: folder)
        }.whenComplete { result in
            let (connection, exchange) = bound.value
            guard connection.exchange === exchange, connection.phase == .waiting else { return }
            connection.phase = .exchanging
            if case .success(let finding?) = result {
                connection.begin(finding, exchange)
            } else {
                connection.respond(GatewayError.noRoute(exchange))
            }
            connection.process()
        }
        return true
    }

    /// Opens the file and reads its first piece; blocks.
    private static func find(_ head: RequestHead, in folder: StaticFolder) -> Finding? {
        guard let file = head.fields.withBytes({ folder.open(head.path(in: $0)) }) else { return nil }
        let modified = LoopClock.httpDate(seconds: file.modified)
        let selection = FileSelection(head, size: file.size, tag: file.tag, modified: modified)
        let range: Range<Int> =
            switch selection {
            case .whole: 0..<file.size
            case .range(let range): range
            case .notModified, .unsatisfiable: 0..<0
            }
        let isRead = head.method == .get && !range.isEmpty
        let first = isRead ? file.read(at: range.lowerBound, count: min(pieceSize, range.count)) : ByteBuffer()
        if isRead, first.readableBytes == 0 { return nil }
        return Finding(file: file, selection: selection, modified: modified, range: range, first: first)
    }

    /// Writes the head and what has been read.
    private func begin(_ finding: Finding, _ exchange: Exchange) {
        exchange.detail = "static_file"
        let file = finding.file
        var status = 200
        switch finding.selection {
        case .whole: break
        case .range: status = 206
        case .notModified: status = 304
        case .unsatisfiable: status = 416
        }
        var head = ResponseHead(status: status)
        if status == 200 || status == 206 {
            let type = file.mediaType
            head.fields.append(
                .contentType,
                "Content-Type",
                value: UnsafeRawBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount)
            )
            head.fields.append(.other, "Accept-Ranges", value: Array("bytes".utf8))
        }
        if status != 416 {
            head.fields.append(.other, "ETag", value: file.tag)
            head.fields.append(.other, "Last-Modified", value: finding.modified)
            head.fields.append(.other, "Cache-Control", value: Array("no-cache".utf8))
        }
        if status == 206 {
            let text = "bytes \(finding.range.lowerBound)-\(finding.range.upperBound - 1)/\(file.size)"
            head.fields.append(.other, "Content-Range", value: Array(text.utf8))
        } else if status == 416 {
            head.fields.append(.other, "Content-Range", value: Array("bytes */\(file.size)".utf8))
        }
        writeHead(head, contentLength: finding.range.count, exchange)
        guard finding.first.readableBytes > 0 else {
            context?.flush()
            complete()
            return
        }
        phase = .sending
        let next = finding.range.lowerBound + finding.first.readableBytes
        send(finding.first, of: file, next..<finding.range.upperBound, exchange)
    }

    /// Writes the head of a response whose content follows piece by piece.
    private func writeHead(_ head: ResponseHead, contentLength: Int, _ exchange: Exchange) {
        var head = head
        for plugin in exchange.plugins.responseHead { plugin.responseHeadReady(&head, exchange) }
        decideConnection(exchange)
        exchange.status = head.status
        loop.writer.reset()
        ResponseWriter.write(
            head,
            framing: ResponseHead.hasNoContent(head.status) ? .none : .length(contentLength),
            keepsAlive: keepsAlive,
            date: loop.clock.httpDate,
            to: loop.writer
        )
        context?.write(wrapOutboundOut(loop.writer.makeBuffer(allocator)), promise: nil)
    }

    /// Writes a piece and, when the client has taken it, reads the next.
    private func send(_ piece: ByteBuffer, of file: StaticFile, _ rest: Range<Int>, _ exchange: Exchange) {
        guard let context else { return }
        armForWriting()
        exchange.responseBytes += piece.readableBytes
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(piece), promise: written)
        written.futureResult.assumeIsolated().whenSuccess {
            guard self.exchange === exchange, self.phase == .sending else { return }
            if rest.isEmpty {
                self.phase = .exchanging
                self.complete()
            } else {
                self.readNext(of: file, rest, exchange)
            }
        }
    }

    private func readNext(of file: StaticFile, _ rest: Range<Int>, _ exchange: Exchange) {
        arm(30_000)
        let count = min(Self.pieceSize, rest.count)
        let bound = NIOLoopBound((self, exchange), eventLoop: loop.eventLoop)
        NIOThreadPool.singleton.runIfActive(eventLoop: loop.eventLoop) {
            file.read(at: rest.lowerBound, count: count)
        }.whenComplete { result in
            let (connection, exchange) = bound.value
            guard connection.exchange === exchange, connection.phase == .sending else { return }
            guard case .success(let piece) = result, piece.readableBytes == count else {
                // The file has become shorter than the length that was told: the client has to see it.
                exchange.detail = "response_cut_short"
                connection.abort()
                return
            }
            connection.send(piece, of: file, rest.lowerBound + count..<rest.upperBound, exchange)
        }
    }
}
