// The life of a function process, event by event.

import Testing

@testable import Host

struct EnvironmentStateMachineTests {
    typealias Machine = EnvironmentStateMachine

    /// Feeds events and returns what came of the last one.
    private func actions(after events: [Machine.Event], then last: Machine.Event) -> [Machine.Action] {
        var machine = Machine()
        for event in events { _ = machine.handle(event) }
        return machine.handle(last)
    }

    @Test func oneRequestAfterTheOther() {
        var machine = Machine()
        for id in ["1", "2"] {
            #expect(machine.handle(.next) == [.cancelTimer, .park])
            #expect(machine.state == .idle)
            #expect(machine.handle(.assign(requestID: id)) == [.startTimer(.invocation), .deliver(requestID: id)])
            #expect(machine.handle(.response(requestID: id)) == [.complete(requestID: id), .accept])
            #expect(machine.state == .settling)
        }
    }

    @Test(
        arguments: [
            [.retire], [.initError], [.next, .assign(requestID: "1"), .response(requestID: "1"), .stop],
            [.next, .assign(requestID: "1"), .timerFired],
        ] as [[Machine.Event]]
    )
    func runtimeThatIsBeingKilledIsToldNothing(events: [Machine.Event]) {
        #expect(actions(after: events, then: .next) == [])
    }

    @Test func errorOfTheFunction() {
        let actions = actions(after: [.next, .assign(requestID: "1")], then: .error(requestID: "1"))
        #expect(actions == [.completeWithError(requestID: "1"), .accept])
    }

    @Test func responseTooLargeLeavesTheProcessUsable() {
        var machine = Machine()
        _ = machine.handle(.next)
        _ = machine.handle(.assign(requestID: "1"))
        let actions = machine.handle(.responseTooLarge(requestID: "1"))
        #expect(actions == [.fail(requestID: "1", .responseTooLarge), .refuse(.responseTooLarge)])
        #expect(machine.handle(.next) == [.cancelTimer, .park])
    }

    @Test(arguments: [
        Machine.Event.response(requestID: "2"), .error(requestID: "2"), .responseTooLarge(requestID: "2"),
    ])
    func answerToAnotherRequest(event: Machine.Event) {
        let actions = actions(after: [.next, .assign(requestID: "1")], then: event)
        #expect(actions == [.refuse(.invalidRequestID)])
    }

    @Test(
        arguments: [
            ([], Machine.Event.response(requestID: "1")), ([.next], .response(requestID: "1")),
            ([.next], .error(requestID: "1")), ([.next], .initError), ([.next], .next),
            ([.next, .assign(requestID: "1")], .next), ([.next, .assign(requestID: "1")], .initError),
            ([.next, .assign(requestID: "1"), .response(requestID: "1")], .response(requestID: "1")),
        ] as [([Machine.Event], Machine.Event)]
    )
    func requestsOutOfTurn(events: [Machine.Event], last: Machine.Event) {
        #expect(actions(after: events, then: last) == [.refuse(.invalidStateTransition)])
    }

    private static let streaming: [Machine.Event] = [
        .next, .assign(requestID: "1"), .streamBegan(requestID: "1"),
    ]

    @Test func responseInParts() {
        var machine = Machine()
        for event in Self.streaming.dropLast() { _ = machine.handle(event) }
        #expect(machine.handle(.streamBegan(requestID: "2")) == [.refuse(.invalidRequestID)])
        #expect(machine.handle(.streamBegan(requestID: "1")) == [.receiveParts(requestID: "1")])
        #expect(machine.state == .streaming(requestID: "1"))
        for event in [.next, .response(requestID: "1"), .error(requestID: "1"), .streamBegan(requestID: "1")]
            as [Machine.Event]
        {
            #expect(machine.handle(event) == [.refuse(.invalidStateTransition)])
        }
        #expect(machine.handle(.streamEnded) == [.completeParts(requestID: "1"), .accept])
        #expect(machine.state == .settling)
    }

    @Test(
        arguments: [
            (.streamFailed, [.completeWithError(requestID: "1"), .accept]),
            (.streamTruncated, [.fail(requestID: "1", .responseTruncated)]),
            (.streamTooLarge, [.fail(requestID: "1", .responseTooLarge), .refuse(.responseTooLarge)]),
        ] as [(Machine.Event, [Machine.Action])]
    )
    func responseInPartsThatFails(event: Machine.Event, actions: [Machine.Action]) {
        #expect(self.actions(after: Self.streaming, then: event) == actions)
        #expect(self.actions(after: Self.streaming + [event], then: .next) == [.cancelTimer, .park])
        #expect(self.actions(after: Self.streaming + [.retire], then: event) == actions + [.cancelTimer, .kill])
        #expect(self.actions(after: Self.streaming + [.timerFired], then: event) == [.refuse(.invalidStateTransition)])
    }

    @Test func environmentsEndAmidParts() {
        let exit = ProcessExit.signaled(9)
        #expect(
            actions(after: Self.streaming, then: .exited(exit)) == [
                .cancelTimer, .fail(requestID: "1", .exited(exit)), .remove,
            ]
        )
        #expect(actions(after: Self.streaming, then: .timerFired) == [.fail(requestID: "1", .timedOut), .kill])
        #expect(actions(after: Self.streaming, then: .retire) == [])
    }

    @Test func responseInAnUnknownMode() {
        let actions = actions(after: [.next, .assign(requestID: "1")], then: .responseModeUnknown(requestID: "1"))
        #expect(actions == [.fail(requestID: "1", .responseModeUnknown), .refuse(.invalidResponseMode)])
    }

    @Test func initErrorEndsTheProcess() {
        var machine = Machine()
        #expect(machine.handle(.initError) == [.cancelTimer, .accept, .failStart(nil), .kill])
        #expect(machine.handle(.exited(.signaled(9))) == [.cancelTimer, .remove])
    }

    @Test func timeouts() {
        #expect(actions(after: [], then: .timerFired) == [.failStart(.initTimedOut), .kill])
        let invoking: [Machine.Event] = [.next, .assign(requestID: "1")]
        #expect(actions(after: invoking, then: .timerFired) == [.fail(requestID: "1", .timedOut), .kill])
        #expect(actions(after: invoking + [.response(requestID: "1")], then: .timerFired) == [.kill])
        #expect(actions(after: [.next], then: .timerFired) == [])
    }

    @Test func exits() {
        let exit = ProcessExit.exited(code: 1)
        #expect(actions(after: [], then: .exited(exit)) == [.cancelTimer, .failStart(.exited(exit)), .remove])
        let invoking: [Machine.Event] = [.next, .assign(requestID: "1")]
        let failed = actions(after: invoking, then: .exited(exit))
        #expect(failed == [.cancelTimer, .fail(requestID: "1", .exited(exit)), .remove])
        #expect(actions(after: [.next], then: .exited(exit)) == [.cancelTimer, .remove])
        // After a timeout the request has been answered.
        #expect(actions(after: invoking + [.timerFired], then: .exited(exit)) == [.cancelTimer, .remove])
        #expect(actions(after: invoking + [.exited(exit)], then: .exited(exit)) == [])
    }

    @Test func processThatDoesNotStart() {
        let failure = FunctionFailure.unstartable(type: "T", message: "m")
        #expect(actions(after: [], then: .startFailed(failure)) == [.cancelTimer, .failStart(failure), .remove])
        #expect(actions(after: [.retire], then: .startFailed(failure)) == [.cancelTimer, .remove])
    }

    @Test func retirementWaitsForTheAnswer() {
        for events in [[], [.next], [.next, .assign(requestID: "1"), .response(requestID: "1")]] as [[Machine.Event]] {
            #expect(actions(after: events, then: .retire) == [.cancelTimer, .kill])
        }
        var machine = Machine()
        _ = machine.handle(.next)
        _ = machine.handle(.assign(requestID: "1"))
        #expect(machine.handle(.retire) == [])
        let last = machine.handle(.response(requestID: "1"))
        #expect(last == [.complete(requestID: "1"), .accept, .cancelTimer, .kill])
    }

    @Test func brokenConnectionComesBack() {
        var machine = Machine()
        _ = machine.handle(.next)
        #expect(machine.handle(.nextAbandoned) == [.leave])
        #expect(machine.state == .settling)
        #expect(machine.handle(.next) == [.cancelTimer, .park])
    }
}
