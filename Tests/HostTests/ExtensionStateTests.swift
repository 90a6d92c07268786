// Extensions in the life of an execution environment, event by event.

import Testing

@testable import Host

struct ExtensionStateTests {
    typealias Machine = EnvironmentStateMachine

    private static let crash = ProcessExit.exited(code: 1)

    /// A machine that has taken events, and what came of the last one.
    private func machine(_ events: [Machine.Event]) -> (Machine, [Machine.Action]) {
        var machine = Machine()
        var actions: [Machine.Action] = []
        for event in events { actions = machine.handle(event) }
        return (machine, actions)
    }

    private func actions(_ events: [Machine.Event]) -> [Machine.Action] { machine(events).1 }

    private func failure(_ type: String, _ message: String) -> FunctionFailure { .extensionFailed(type, message) }

    /// One external extension, `e`, and one internal one, `i`, both for requests, and a runtime: all ready.
    private static let idle: [Machine.Event] = [
        .extensionsFound(["e"]), .register(name: "e", identifier: "E", [.invoke, .shutdown]),
        .register(name: "i", identifier: "I", [.invoke]), .extensionNext(identifier: "E"),
        .extensionNext(identifier: "I"), .next,
    ]
    private static let invoking = idle + [.assign(requestID: "1")]

    @Test func runtimeIsLaunchedOnceExternalExtensionsHaveRegistered() {
        #expect(actions([.extensionsFound([])]) == [.launchRuntime])
        let start: [Machine.Event] = [.extensionsFound(["a", "b"])]
        #expect(
            actions(start) == [
                .startTimer(.initialization), .launchExtension(name: "a"), .launchExtension(name: "b"),
            ]
        )
        let first = start + [.register(name: "a", identifier: "A", [])]
        #expect(actions(first) == [.acceptRegistration(identifier: "A")])
        let second = first + [.register(name: "b", identifier: "B", [.shutdown])]
        #expect(actions(second) == [.acceptRegistration(identifier: "B"), .launchRuntime])
    }

    @Test func initEndsOnceAllAskForMore() {
        let start: [Machine.Event] = [.extensionsFound(["e"]), .register(name: "e", identifier: "E", [])]
        #expect(actions(start + [.next]) == [.hold])
        #expect(actions(start + [.next, .next]) == [.refuse(.invalidStateTransition)])
        #expect(
            actions(start + [.next, .extensionNext(identifier: "E")]) == [
                .parkExtension(identifier: "E"), .cancelTimer, .park,
            ]
        )
        #expect(actions(start + [.extensionNext(identifier: "E"), .next]) == [.cancelTimer, .park])
        #expect(actions(start + [.next, .timerFired]).first == .failStart(.initTimedOut))
    }

    @Test func requestEndsOnceAllAskForMore() {
        let (ready, _) = machine(Self.idle)
        #expect(ready.state == .idle)
        #expect(
            actions(Self.invoking) == [
                .startTimer(.invocation), .deliver(requestID: "1"), .deliverInvoke(identifiers: ["E", "I"]),
            ]
        )
        let answered = Self.invoking + [.response(requestID: "1")]
        #expect(actions(answered) == [.complete(requestID: "1"), .accept])
        #expect(actions(answered + [.next]) == [.hold])
        let almost = answered + [.next, .extensionNext(identifier: "E")]
        #expect(actions(almost) == [.parkExtension(identifier: "E")])
        #expect(
            actions(almost + [.extensionNext(identifier: "I")]) == [
                .parkExtension(identifier: "I"), .cancelTimer, .park,
            ]
        )
    }

    @Test func extensionsThatDoNotCareForRequestsAreNotAsked() {
        let events: [Machine.Event] = [
            .extensionsFound(["e"]), .register(name: "e", identifier: "E", [.shutdown]),
            .extensionNext(identifier: "E"), .next, .assign(requestID: "1"),
        ]
        #expect(actions(events) == [.startTimer(.invocation), .deliver(requestID: "1")])
        #expect(actions(events + [.response(requestID: "1"), .next]) == [.cancelTimer, .park])
    }

    @Test(
        arguments: [
            ([.extensionNext(identifier: "X")], "Extension.UnknownExtensionIdentifier"),
            ([.register(name: "i", identifier: "I", [.shutdown])], "Extension.InvalidEventType"),
            ([.extensionsFound(["e"]), .extensionNext(identifier: "E")], "Extension.UnknownExtensionIdentifier"),
            (
                [
                    .register(name: "i", identifier: "I", []), .extensionNext(identifier: "I"),
                    .extensionNext(identifier: "I"),
                ], "Extension.InvalidExtensionState"
            ),
            (
                [.register(name: "i", identifier: "I", []), .register(name: "i", identifier: "J", [])],
                "Extension.InvalidExtensionState"
            ),
            (
                [
                    .extensionsFound(["e"]), .register(name: "e", identifier: "E", []),
                    .register(name: "e", identifier: "F", []),
                ], "Extension.InvalidExtensionState"
            ),
            ([.next, .register(name: "i", identifier: "I", [])], "Extension.RegistrationClosed"),
            (
                [
                    .register(name: "i", identifier: "I", []), .extensionNext(identifier: "I"),
                    .extensionInitError(identifier: "I", type: "X"),
                ], "Extension.InvalidExtensionState"
            ),
            (
                (0...10).map { .register(name: "i\($0)", identifier: "I\($0)", []) }, "Extension.TooManyExtensions"
            ),
        ] as [([Machine.Event], String)]
    )
    func refusals(events: [Machine.Event], type: String) {
        let actions = actions(events)
        guard actions.count == 1, case .refuse(.extensionRefused(type, _)) = actions[0] else {
            Issue.record("\(actions)")
            return
        }
    }

    @Test func tooManyExternalExtensions() {
        let names = (0...10).map(String.init)
        #expect(
            actions([.extensionsFound(names)]) == [
                .cancelTimer, .failStart(failure("Extension.TooManyExtensions", "Extension limit (10) reached")),
                .remove,
            ]
        )
    }

    @Test func extensionThatFailsAtTheStart() {
        let start: [Machine.Event] = [.extensionsFound(["e"])]
        #expect(
            actions(start + [.extensionStartFailed(name: "e", message: "m")]) == [
                .cancelTimer, .failStart(failure("Extension.LaunchError", "e: m")), .remove,
            ]
        )
        #expect(
            actions(start + [.extensionExited(name: "e", .exited(code: 0))]) == [
                .cancelTimer, .failStart(failure("Extension.Crash", "e: exit code 0")), .remove,
            ]
        )
        // The runtime does not run yet, so there is only the extension to end.
        #expect(
            actions([
                .extensionsFound(["a", "e"]), .register(name: "e", identifier: "E", []),
                .extensionInitError(identifier: "E", type: "Extension.NoKey"),
            ]) == [
                .accept, .cancelTimer, .failStart(failure("Extension.InitError", "e: Extension.NoKey")),
                .killExtension(name: "a"), .killExtension(name: "e"), .startTimer(.extensionShutdown),
            ]
        )
    }

    @Test func extensionThatCrashes() {
        let crashed = failure("Extension.Crash", "e: exit status 1")
        let end: [Machine.Action] = [
            .terminateRuntime, .startTimer(.runtimeShutdown(hasExternalExtensions: true)),
        ]
        let exit = Machine.Event.extensionExited(name: "e", Self.crash)
        #expect(actions(Self.idle + [exit]) == [.cancelTimer, .leave] + end)
        #expect(actions(Self.invoking + [exit]) == [.cancelTimer, .fail(requestID: "1", crashed)] + end)
        #expect(
            actions(Self.invoking + [.streamBegan(requestID: "1"), exit]) == [
                .cancelTimer, .fail(requestID: "1", crashed),
            ] + end
        )
        #expect(actions(Self.invoking + [.response(requestID: "1"), exit]) == [.cancelTimer] + end)
        // The crashed extension is gone, so the end of the runtime is the end.
        #expect(actions(Self.invoking + [exit, .exited(.signaled(15))]) == [.cancelTimer, .remove])
    }

    @Test func exitErrorOfAnExtension() {
        let reported = failure("Extension.ExitError", "i: X")
        #expect(
            actions(Self.invoking + [.extensionExitError(identifier: "I", type: "X")]) == [
                .accept, .cancelTimer, .fail(requestID: "1", reported), .terminateRuntime,
                .startTimer(.runtimeShutdown(hasExternalExtensions: true)),
            ]
        )
    }

    @Test func orderlyEnd() {
        var (machine, actions) = machine(Self.idle + [.retire])
        #expect(
            actions == [
                .cancelTimer, .terminateRuntime, .startTimer(.runtimeShutdown(hasExternalExtensions: true)),
            ]
        )
        #expect(machine.state == .shuttingDown)
        // A runtime that ignores the signal is killed.
        #expect(machine.handle(.next) == [])
        #expect(machine.handle(.timerFired) == [.killRuntime])
        #expect(
            machine.handle(.exited(.signaled(9))) == [
                .cancelTimer, .startTimer(.extensionShutdown), .deliverShutdown(identifiers: ["E"], .spindown),
            ]
        )
        #expect(machine.handle(.extensionExited(name: "e", .exited(code: 0))) == [.cancelTimer, .remove])
    }

    @Test func extensionThatDoesNotEnd() {
        var (machine, _) = machine(Self.idle + [.retire, .exited(.exited(code: 0))])
        #expect(machine.handle(.timerFired) == [.kill])
        #expect(machine.handle(.extensionExited(name: "e", .signaled(9))) == [.remove])
    }

    @Test func extensionAtWorkLearnsOfTheEndWhenItAsks() {
        var (machine, actions) = machine(Self.invoking + [.timerFired])
        #expect(
            actions == [
                .fail(requestID: "1", .timedOut), .terminateRuntime,
                .startTimer(.runtimeShutdown(hasExternalExtensions: true)),
            ]
        )
        #expect(machine.handle(.exited(.signaled(15))) == [.cancelTimer, .startTimer(.extensionShutdown)])
        actions = machine.handle(.extensionNext(identifier: "E"))
        #expect(
            actions == [.parkExtension(identifier: "E"), .deliverShutdown(identifiers: ["E"], .timeout)]
        )
    }

    @Test func extensionsThatWantNotToKnowAreKilled() {
        let events: [Machine.Event] = [
            .extensionsFound(["e"]), .register(name: "e", identifier: "E", [.invoke]),
            .extensionNext(identifier: "E"), .next, .retire, .exited(.exited(code: 0)),
        ]
        #expect(actions(events) == [.cancelTimer, .killExtension(name: "e"), .startTimer(.extensionShutdown)])
    }

    @Test func internalExtensionsEndWithTheRuntime() {
        let events: [Machine.Event] = [
            .extensionsFound([]), .register(name: "i", identifier: "I", [.invoke]), .extensionNext(identifier: "I"),
            .next,
        ]
        #expect(
            actions(events + [.stop]) == [
                .cancelTimer, .terminateRuntime, .startTimer(.runtimeShutdown(hasExternalExtensions: false)),
            ]
        )
        #expect(actions(events + [.stop, .exited(.signaled(15))]) == [.cancelTimer, .remove])
        #expect(actions(events + [.assign(requestID: "1"), .stop]) == [.killRuntime])
    }

    @Test func crashOfTheRuntime() {
        let exit = Machine.Event.exited(Self.crash)
        #expect(
            actions(Self.invoking + [exit]) == [
                .cancelTimer, .fail(requestID: "1", .exited(Self.crash)), .startTimer(.extensionShutdown),
            ]
        )
        #expect(
            actions(Self.idle + [exit]) == [
                .cancelTimer, .leave, .startTimer(.extensionShutdown),
                .deliverShutdown(identifiers: ["E"], .failure),
            ]
        )
    }

    @Test func retirementWaitsForExtensionsAtWork() {
        let events = Self.invoking + [.retire, .response(requestID: "1"), .next, .extensionNext(identifier: "E")]
        #expect(actions(events) == [.parkExtension(identifier: "E")])
        #expect(
            actions(events + [.extensionNext(identifier: "I")]) == [
                .parkExtension(identifier: "I"), .cancelTimer, .terminateRuntime,
                .startTimer(.runtimeShutdown(hasExternalExtensions: true)),
            ]
        )
    }

    @Test func brokenConnectionOfAnExtension() {
        let broken = Self.idle + [.extensionNextAbandoned(identifier: "E")]
        #expect(actions(broken) == [.leave])
        #expect(
            actions(broken + [.extensionNext(identifier: "E")]) == [
                .parkExtension(identifier: "E"), .cancelTimer, .park,
            ]
        )
    }

    @Test func hostThatStopsDoesNotWaitForWhatHasNotRegistered() {
        #expect(actions([.extensionsFound(["e"]), .stop]) == [.cancelTimer, .kill])
        let ended: [Machine.Event] = [.extensionsFound(["e"]), .stop, .extensionExited(name: "e", .signaled(9))]
        #expect(actions(ended) == [.remove])
        #expect(actions([.extensionsFound([]), .stop]) == [.cancelTimer, .kill])
    }
}
