// The decisions about concurrency, starts and changes, without processes.

import NIOCore
import Testing

@testable import Host

struct PoolDecisionTests {
    private func settings(processes: Int? = nil, queue: Int? = nil) -> PoolSettings {
        var settings = PoolSettings()
        settings.maximumProcesses = processes
        settings.maximumQueue = queue
        return settings
    }

    @Test(
        arguments: [
            // Reserved concurrency, processes, queue, requests in flight, and which limit is met.
            (nil, 1, nil, 0, nil), (nil, 1, nil, 1, .concurrentInvocations), (nil, 2, nil, 1, nil),
            (nil, 1, 2, 2, nil), (nil, 1, 2, 3, .concurrentInvocations),
            (1, nil, nil, 0, nil), (1, nil, nil, 1, .reservedConcurrency), (0, nil, nil, 0, .reservedConcurrency),
            (5, 2, nil, 2, .concurrentInvocations), (2, 5, nil, 2, .reservedConcurrency),
            (2, 1, 10, 1, nil), (2, 1, 10, 2, .reservedConcurrency),
            (nil, nil, nil, 1009, nil), (nil, nil, 0, PoolSettings.standardProcesses, .concurrentInvocations),
            (nil, nil, nil, PoolSettings.standardProcesses + 1000, .concurrentInvocations),
            (1_000_000, nil, nil, PoolSettings.standardProcesses + 999, nil),
        ] as [(Int?, Int?, Int?, Int, InvokeError.ThrottleReason?)]
    )
    func concurrency(
        reserved: Int?,
        processes: Int?,
        queue: Int?,
        inFlight: Int,
        reason: InvokeError.ThrottleReason?
    ) {
        let limit = ConcurrencyLimit(reserved: reserved, settings: settings(processes: processes, queue: queue))
        #expect(limit.refusal(inFlight: inFlight) == reason)
    }

    @Test func environmentsOfAFunction() {
        #expect(PoolSettings.standardProcesses >= 10)
        #expect(ConcurrencyLimit(reserved: nil, settings: settings()).environments == PoolSettings.standardProcesses)
        #expect(ConcurrencyLimit(reserved: 3, settings: settings()).environments == 3)
        #expect(ConcurrencyLimit(reserved: 3, settings: settings(processes: 2)).environments == 2)
        #expect(ConcurrencyLimit(reserved: 0, settings: settings(processes: 2)).environments == 0)
    }

    @Test(arguments: [
        // Waiting, starting, settling, environments, limit, whether one is wanted, and how many are started.
        (0, 0, 0, 0, 5, false, 0), (0, 0, 0, 0, 5, true, 1), (0, 0, 0, 1, 5, true, 0), (3, 0, 0, 0, 5, true, 3),
        (9, 0, 0, 0, 5, false, 5), (9, 2, 0, 4, 5, false, 1), (3, 3, 0, 3, 5, false, 0), (3, 1, 2, 3, 5, false, 0),
        (3, 0, 1, 1, 5, false, 2), (3, 0, 0, 7, 5, false, 0), (3, 0, 0, 0, 0, true, 0),
    ])
    func demand(
        waiting: Int,
        starting: Int,
        settling: Int,
        environments: Int,
        limit: Int,
        wantsOne: Bool,
        count: Int
    ) {
        let demand = StartDemand(
            waiting: waiting,
            starting: starting,
            settling: settling,
            environments: environments,
            limit: limit,
            wantsOne: wantsOne
        )
        #expect(demand.count == count)
    }

    @Test func functionsTakeTurns() {
        var schedule = StartSchedule<String>(slots: 2)
        schedule.setDemand(100, of: "greedy")
        #expect(schedule.takeNext() == "greedy")
        schedule.setDemand(1, of: "modest")
        schedule.setDemand(1, of: "shy")
        #expect(schedule.takeNext() == "greedy")
        #expect(schedule.takeNext() == nil)
        schedule.release()
        #expect(schedule.takeNext() == "modest")
        schedule.release()
        #expect(schedule.takeNext() == "shy")
        schedule.release()
        #expect(schedule.takeNext() == "greedy")
        #expect(schedule.demand(of: "greedy") == 97)
        #expect(schedule.demand(of: "modest") == 0)
        schedule.setDemand(0, of: "greedy")
        schedule.release()
        #expect(schedule.takeNext() == nil)
        #expect(schedule.free == 1)
    }

    /// Lets a function fail as often as it is started, by so many clients at a time.
    @Test(arguments: [1, 4, 20])
    func crashLoop(clients: Int) {
        var backoff = StartBackoff()
        let begin = NIODeadline.now()
        var time = begin
        var starts: [NIODeadline] = []
        var loops = 0
        while time < begin + .minutes(5) {
            let started = min(clients, max(0, backoff.allowance(at: time, starting: 0, isForRequests: true)))
            for _ in 0..<started { backoff.noteStart(at: time) }
            for _ in 0..<started where backoff.noteFailure(.initTimedOut, at: time) == .loop { loops += 1 }
            starts += Array(repeating: time, count: started)
            time = time + .milliseconds(100)
        }
        for (index, start) in starts.enumerated() {
            let count = starts[index...].prefix { $0 - start < .seconds(60) }.count
            #expect(count <= StartBackoff.maximumStarts)
        }
        #expect(starts.count >= 25)
        #expect(loops == 1)
        backoff.reset()
        #expect(backoff.allowance(at: time, starting: 0, isForRequests: true) == StartBackoff.maximumStarts)
    }

    @Test func startsAreFreeWhileTheyLeadToAnswers() {
        var backoff = StartBackoff()
        let begin = NIODeadline.now()
        for _ in 0..<StartBackoff.maximumStarts { backoff.noteStart(at: begin) }
        #expect(backoff.allowance(at: begin, starting: 10, isForRequests: true) == 0)
        backoff.noteReady()
        #expect(backoff.allowance(at: begin, starting: 9, isForRequests: true) == .max)
        // Without requests there is no hurry.
        #expect(backoff.allowance(at: begin, starting: 9, isForRequests: false) == 0)
        for _ in 0..<StartBackoff.maximumStarts { backoff.noteAnswer(startedAt: begin) }
        #expect(!backoff.expectsAnswers)
        #expect(backoff.noteFailure(.timedOut, at: begin + .seconds(1)) == .failure)
        #expect(backoff.allowance(at: begin + .seconds(1), starting: 0, isForRequests: true) == 10)
    }

    @Test func oldEnvironmentsDoNotVouchForNewOnes() {
        var backoff = StartBackoff()
        let begin = NIODeadline.now()
        backoff.noteStart(at: begin)
        backoff.noteReady()
        for second in 1...3 {
            let time = begin + .seconds(Int64(second))
            backoff.noteStart(at: time)
            _ = backoff.noteFailure(.initTimedOut, at: time)
            backoff.noteAnswer(startedAt: begin)
        }
        #expect(backoff.failures == 3)
        #expect(backoff.allowance(at: begin + .seconds(3), starting: 0, isForRequests: true) == 0)
        #expect(backoff.allowance(at: begin + .seconds(5), starting: 1, isForRequests: true) == 0)
        #expect(backoff.allowance(at: begin + .seconds(5), starting: 0, isForRequests: true) == 1)
        backoff.noteStart(at: begin + .seconds(5))
        backoff.noteAnswer(startedAt: begin + .seconds(5))
        #expect(backoff.failures == 0)
        #expect(backoff.allowance(at: begin + .seconds(5), starting: 3, isForRequests: true) == .max)
    }

    @Test func changesHoldRequestsUntilTheyDoNotEnd() {
        var changes = CodeChanges()
        let begin = NIODeadline.now()
        changes.noteChange(at: begin)
        #expect(changes.isHolding)
        changes.noteRefresh(at: begin, hasRequests: false)
        #expect(!changes.isHolding)
        #expect(!changes.wantsOne)
        changes.noteChange(at: begin + .milliseconds(500))
        #expect(!changes.isHolding)
        changes.noteRefresh(at: begin + .milliseconds(600), hasRequests: true)
        #expect(changes.wantsOne)
        changes.noteStart()
        #expect(!changes.wantsOne)
        changes.noteChange(at: begin + .seconds(2))
        #expect(changes.isHolding)
        changes.noteRefresh(at: begin + .seconds(2), hasRequests: false)
        #expect(changes.wantsOne)
    }

    @Test func startThatFailsWhileTheCodeChangesSaysNothing() {
        var changes = CodeChanges()
        let begin = NIODeadline.now()
        changes.keepsWarm = true
        changes.noteRefresh(at: begin, hasRequests: false)
        changes.noteStart()
        changes.noteChange(at: begin)
        #expect(!changes.isHolding)
        #expect(changes.noteFailedStart() == .outOfDate)
        #expect(changes.isHolding)
        changes.noteRefresh(at: begin, hasRequests: false)
        #expect(changes.wantsOne)
        changes.noteStart()
        #expect(changes.noteFailedStart() == .broken)
        // Broken code is started when someone asks for it, or when it changes.
        #expect(!changes.wantsOne)
        changes.noteRefresh(at: begin, hasRequests: false)
        #expect(changes.wantsOne)
    }

    @Test func requestsAndEventsTakeTurns() {
        func invocation(_ name: String, _ kind: Invocation.Kind) -> Invocation {
            Invocation(
                requestID: name,
                kind: kind,
                payload: ByteBuffer(),
                traceID: "",
                functionARN: "",
                clientContext: nil
            ) { _ in }
        }
        var waiting = WaitingInvocations()
        for index in 1...3 {
            waiting.append(invocation("event\(index)", .asynchronous))
            waiting.append(invocation("request\(index)", .synchronous))
        }
        #expect(waiting.popFirst(allowsEvent: true)?.requestID == "request1")
        #expect(waiting.popFirst(allowsEvent: false)?.requestID == "request2")
        #expect(waiting.popFirst(allowsEvent: true)?.requestID == "event1")
        #expect(waiting.popFirst(allowsEvent: true)?.requestID == "request3")
        #expect(waiting.popFirst(allowsEvent: false) == nil)
        #expect(waiting.popFirst(allowsEvent: true)?.requestID == "event2")
        #expect(waiting.count == 1)
        var events = waiting.removeEvents()
        #expect(events.popFirst()?.requestID == "event3")
        #expect(waiting.isEmpty)
    }
}
