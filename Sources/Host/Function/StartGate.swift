// Bounds how many environments of the whole host start at the same time.

internal import NIOCore

/// Whoever starts environments when the gate lets it.
protocol StartApplicant: AnyObject {
    /// Starts one; the slot is released once the environment is ready or has failed.
    func startGranted(_ slot: StartGate.Slot)
}

/// Lets as many environments start at once as there are cores, so that a burst of cold starts does not slow each of them
/// down, and lets functions take turns. Confined to the host's event loop.
final class StartGate {
    /// Who is slow to get ready, or hangs, gives way to others after so long.
    private static let patience = TimeAmount.seconds(1)

    /// The right to start one environment, given back once.
    final class Slot {
        private weak var gate: StartGate?
        private var timer: Scheduled<Void>?

        fileprivate init(gate: StartGate, eventLoop: any EventLoop) {
            self.gate = gate
            timer = eventLoop.assumeIsolated().scheduleTask(in: StartGate.patience) { [weak self] in self?.release() }
        }

        func release() {
            guard let gate else { return }
            self.gate = nil
            timer?.cancel()
            timer = nil
            gate.didRelease()
        }
    }

    private struct Weak { weak var applicant: (any StartApplicant)? }

    private let eventLoop: any EventLoop
    private var schedule: StartSchedule<ObjectIdentifier>
    private var applicants: [ObjectIdentifier: Weak] = [:]
    private var isGranting = false

    /// - Parameters:
    ///   - eventLoop: the host's.
    ///   - slots: how many may start at the same time.
    init(eventLoop: any EventLoop, slots: Int) {
        self.eventLoop = eventLoop
        schedule = StartSchedule(slots: slots)
    }

    /// Sets how many environments someone wants to start, and lets it start what can be started now.
    func setDemand(_ demand: Int, of applicant: any StartApplicant) {
        let identifier = ObjectIdentifier(applicant)
        schedule.setDemand(demand, of: identifier)
        applicants[identifier] = demand > 0 ? Weak(applicant: applicant) : nil
        grant()
    }

    private func didRelease() {
        schedule.release()
        grant()
    }

    private func grant() {
        // A start that fails at once comes back here.
        guard !isGranting else { return }
        isGranting = true
        defer { isGranting = false }
        while let identifier = schedule.takeNext() {
            let applicant = applicants[identifier]?.applicant
            if schedule.demand(of: identifier) == 0 { applicants[identifier] = nil }
            if let applicant {
                applicant.startGranted(Slot(gate: self, eventLoop: eventLoop))
            } else {
                schedule.release()
            }
        }
    }
}
