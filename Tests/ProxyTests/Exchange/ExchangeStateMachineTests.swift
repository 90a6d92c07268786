// The life of an exchange as tables of events and the actions that answer them.

import Testing

@testable import Proxy

@Suite("The state machine of an exchange")
struct ExchangeStateMachineTests {
    typealias Actions = ExchangeStateMachine.Actions

    /// What happens to a machine.
    enum Event: Sendable {
        case begin, plugin, contentReceived, contentEnded, clientGone
        case ready(reused: Bool)
        case unavailable, head, response
        case ended(reusable: Bool)
        case lost(ExchangeStateMachine.Failure, untouched: Bool)
        case tooLarge, deadline
        case clientWritable(Bool), upstreamWritable(Bool)
    }

    /// A way through a machine.
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var delivery = ExchangeStateMachine.Delivery.collected
        var hasContent = false
        var isIdempotent = true
        let steps: [(Event, Actions)]
        var failure: ExchangeStateMachine.Failure?
    }

    private static func apply(_ event: Event, _ row: Row, _ machine: inout ExchangeStateMachine) -> Actions {
        switch event {
        case .begin: return machine.begin(row.delivery)
        case .plugin: machine.collectForPlugin()
        case .contentReceived: return machine.contentReceived()
        case .contentEnded: return machine.contentEnded()
        case .clientGone: return machine.clientGone()
        case .ready(let reused): return machine.upstreamReady(reused: reused)
        case .unavailable: return machine.upstreamUnavailable()
        case .head: return machine.responseHeadReceived()
        case .response: return machine.responseContentReceived()
        case .ended(let reusable): return machine.responseEnded(reusable: reusable)
        case .lost(let failure, let untouched): return machine.upstreamLost(failure, untouched: untouched)
        case .tooLarge: return machine.responseTooLarge()
        case .deadline: return machine.deadlineReached()
        case .clientWritable(let isWritable): machine.clientWritabilityChanged(isWritable)
        case .upstreamWritable(let isWritable): machine.upstreamWritabilityChanged(isWritable)
        }
        return []
    }

    private static func machine(_ row: Row) -> ExchangeStateMachine {
        ExchangeStateMachine(hasContent: row.hasContent, isIdempotent: row.isIdempotent)
    }

    static let happy: [Row] = [
        Row(
            testDescription: "streamed, after a plugin has seen the content",
            delivery: .streamed,
            hasContent: true,
            steps: [
                (.plugin, []), (.contentReceived, .collectContent), (.contentEnded, .resumePlugins),
                (.begin, .acquire), (.ready(reused: false), .sendRequest), (.head, .startResponse),
                (.response, .forwardResponse), (.ended(reusable: true), [.release, .endResponse, .complete]),
            ]
        ),
        Row(
            testDescription: "collected, after a plugin has seen the content",
            hasContent: true,
            steps: [
                (.plugin, []), (.contentReceived, .collectContent), (.contentEnded, .resumePlugins),
                (.begin, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .acquireFresh]),
                (.ready(reused: false), .sendRequest), (.head, .collectHead),
                (.ended(reusable: true), [.release, .translate, .complete]),
            ]
        ),
        Row(
            testDescription: "collected, without content",
            steps: [
                (.begin, .acquire), (.ready(reused: false), .sendRequest), (.head, .collectHead),
                (.response, .collectResponse), (.ended(reusable: true), [.release, .translate, .complete]),
            ]
        ),
        Row(
            testDescription: "collected, with content",
            hasContent: true,
            steps: [
                (.begin, []), (.contentReceived, .collectContent), (.contentReceived, .collectContent),
                (.contentEnded, .acquire), (.ready(reused: true), .sendRequest), (.head, .collectHead),
                (.ended(reusable: false), [.closeUpstream, .translate, .complete]),
            ]
        ),
        Row(
            testDescription: "streamed, without content",
            delivery: .streamed,
            steps: [
                (.begin, .acquire), (.ready(reused: false), .sendRequest), (.head, .startResponse),
                (.response, .forwardResponse), (.ended(reusable: true), [.release, .endResponse, .complete]),
            ]
        ),
        Row(
            testDescription: "streamed, with content",
            delivery: .streamed,
            hasContent: true,
            steps: [
                (.begin, .acquire), (.ready(reused: false), .sendRequest), (.contentReceived, .forwardContent),
                (.contentEnded, .endContent), (.head, .startResponse), (.response, .forwardResponse),
                (.ended(reusable: true), [.release, .endResponse, .complete]),
            ]
        ),
        Row(
            testDescription: "streamed, the response comes whole while content is still coming",
            delivery: .streamed,
            hasContent: true,
            steps: [
                (.begin, .acquire), (.ready(reused: false), .sendRequest), (.head, .startResponse),
                (.contentReceived, .forwardContent),
                // What is left of the content must not become the next request on that connection.
                (.ended(reusable: true), [.closeUpstream, .endResponse, .complete]),
                (.contentReceived, []), (.contentEnded, []),
            ]
        ),
    ]

    static let failures: [Row] = [
        Row(
            testDescription: "no connection",
            steps: [(.begin, .acquire), (.unavailable, [.fail, .complete])],
            failure: .connect
        ),
        Row(
            testDescription: "a fresh connection closes: no second try",
            steps: [
                (.begin, .acquire), (.ready(reused: false), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .fail, .complete]),
            ],
            failure: .closed
        ),
        Row(
            testDescription: "a reused connection closes untouched: one second try on a fresh one",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .acquireFresh]),
                (.ready(reused: false), .sendRequest), (.head, .collectHead),
                (.ended(reusable: true), [.release, .translate, .complete]),
            ]
        ),
        Row(
            testDescription: "the second try fails: no third",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .acquireFresh]),
                (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .fail, .complete]),
            ],
            failure: .closed
        ),
        Row(
            testDescription: "the second try finds no connection",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .acquireFresh]),
                (.unavailable, [.fail, .complete]),
            ],
            failure: .connect
        ),
        Row(
            testDescription: "a POST is never sent twice",
            hasContent: true,
            isIdempotent: false,
            steps: [
                (.begin, []), (.contentEnded, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .fail, .complete]),
            ],
            failure: .closed
        ),
        Row(
            testDescription: "an answer that has begun is never asked for twice",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: false), [.closeUpstream, .fail, .complete]),
            ],
            failure: .closed
        ),
        Row(
            testDescription: "nonsense is never asked for twice",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.malformed, untouched: true), [.closeUpstream, .fail, .complete]),
            ],
            failure: .malformed
        ),
        Row(
            testDescription: "content that has been streamed cannot be sent twice",
            delivery: .streamed,
            hasContent: true,
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.contentReceived, .forwardContent),
                (.lost(.closed, untouched: true), [.closeUpstream, .fail, .complete]),
            ],
            failure: .closed
        ),
        Row(
            testDescription: "collected content can be sent twice",
            hasContent: true,
            steps: [
                (.begin, []), (.contentEnded, .acquire), (.ready(reused: true), .sendRequest),
                (.lost(.closed, untouched: true), [.closeUpstream, .acquireFresh]),
            ]
        ),
        Row(
            testDescription: "collected, the connection closes within the response",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.head, .collectHead),
                (.lost(.closed, untouched: false), [.closeUpstream, .fail, .complete]),
            ],
            failure: .closed
        ),
        Row(
            testDescription: "streamed, the connection closes within the response: it is cut short",
            delivery: .streamed,
            steps: [
                (.begin, .acquire), (.ready(reused: false), .sendRequest), (.head, .startResponse),
                (.lost(.closed, untouched: false), [.closeUpstream, .truncate, .complete]),
            ]
        ),
        Row(
            testDescription: "collected, the response is too large",
            steps: [
                (.begin, .acquire), (.ready(reused: false), .sendRequest), (.head, .collectHead),
                (.response, .collectResponse), (.tooLarge, [.closeUpstream, .fail, .complete]), (.tooLarge, []),
            ],
            failure: .tooLarge
        ),
    ]

    static let deadlines: [Row] = [
        Row(testDescription: "deadline before anything", hasContent: true, steps: [(.begin, []), (.deadline, [])]),
        Row(
            testDescription: "deadline while a connection is opened",
            steps: [(.begin, .acquire), (.deadline, [.cancelAcquisition, .fail, .complete])],
            failure: .timeout
        ),
        Row(
            testDescription: "deadline while the endpoint thinks",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest),
                (.deadline, [.closeUpstream, .fail, .complete]),
            ],
            failure: .timeout
        ),
        Row(
            testDescription: "deadline within a collected response",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.head, .collectHead),
                (.deadline, [.closeUpstream, .fail, .complete]), (.deadline, []),
            ],
            failure: .timeout
        ),
        Row(
            testDescription: "deadline within a streamed response: it is cut short",
            delivery: .streamed,
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.head, .startResponse),
                (.deadline, [.closeUpstream, .truncate, .complete]),
            ]
        ),
        Row(
            testDescription: "a connection that comes after the deadline goes back",
            steps: [
                (.begin, .acquire), (.deadline, [.cancelAcquisition, .fail, .complete]),
                (.ready(reused: false), .release), (.unavailable, []),
            ],
            failure: .timeout
        ),
    ]

    static let departures: [Row] = [
        Row(
            testDescription: "the client goes while it sends",
            hasContent: true,
            steps: [(.begin, []), (.contentReceived, .collectContent), (.clientGone, .complete), (.clientGone, [])]
        ),
        Row(
            testDescription: "the client goes while a connection is opened",
            steps: [(.begin, .acquire), (.clientGone, [.cancelAcquisition, .complete])]
        ),
        Row(
            testDescription: "the client goes while the endpoint thinks",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.clientGone, [.closeUpstream, .complete]),
            ]
        ),
        Row(
            testDescription: "the client goes within a collected response",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.head, .collectHead),
                (.clientGone, [.closeUpstream, .complete]),
            ]
        ),
        Row(
            testDescription: "the client goes within a streamed response",
            delivery: .streamed,
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.head, .startResponse),
                (.response, .forwardResponse), (.clientGone, [.closeUpstream, .complete]), (.deadline, []),
            ]
        ),
        Row(
            testDescription: "the client goes after the end",
            steps: [
                (.begin, .acquire), (.ready(reused: true), .sendRequest), (.head, .collectHead),
                (.ended(reusable: true), [.release, .translate, .complete]), (.clientGone, []), (.deadline, []),
                (.lost(.closed, untouched: true), []),
            ]
        ),
    ]

    @Test("Actions", arguments: happy + failures + deadlines + departures)
    func actions(row: Row) {
        var machine = Self.machine(row)
        for (index, step) in row.steps.enumerated() {
            #expect(Self.apply(step.0, row, &machine) == step.1, "step \(index + 1): \(step.0)")
        }
        #expect(machine.failure == row.failure)
    }

    @Test("An exchange is completed exactly once, whatever comes after", arguments: happy + failures + departures)
    func completesOnce(row: Row) {
        var machine = Self.machine(row)
        var completions = 0
        let late: [Event] = [.deadline, .clientGone, .lost(.closed, untouched: true), .unavailable, .tooLarge]
        for event in row.steps.map(\.0) + late where Self.apply(event, row, &machine).contains(.complete) {
            completions += 1
        }
        #expect(completions == 1)
    }

    @Test("Streamed content is taken only while the endpoint takes it")
    func backpressureOfContent() {
        var machine = ExchangeStateMachine(hasContent: true, isIdempotent: true)
        _ = machine.begin(.streamed)
        #expect(!machine.wantsContent)
        _ = machine.upstreamReady(reused: false)
        #expect(machine.wantsContent)
        machine.upstreamWritabilityChanged(false)
        #expect(!machine.wantsContent)
        machine.upstreamWritabilityChanged(true)
        #expect(machine.wantsContent)
        _ = machine.contentEnded()
        #expect(!machine.wantsContent)
    }

    @Test("A streamed response is taken only while the client takes it, a collected one always")
    func backpressureOfResponse() {
        var machine = ExchangeStateMachine(hasContent: false, isIdempotent: true)
        _ = machine.begin(.streamed)
        machine.clientWritabilityChanged(false)
        #expect(!machine.wantsResponse)
        machine.clientWritabilityChanged(true)
        #expect(machine.wantsResponse)
        var collected = ExchangeStateMachine(hasContent: false, isIdempotent: true)
        collected.clientWritabilityChanged(false)
        #expect(collected.wantsResponse)
    }
}
