// How many requests of a period have been used.

internal import Manifest
internal import NIOConcurrencyHelpers

/// The requests that a key has made in the present day, week or month, in UTC; a week begins on Sunday.
///
/// It counts for as long as the process lives. The quota is not part of it, so that it outlives a manifest with another
/// one.
final class QuotaCounter: Sendable {
    private struct Moment: Equatable {
        let period: UsagePlan.Quota.Period
        let number: Int
    }

    private struct State {
        var moment: Moment?
        /// Whether it is the first that is counted: in it there are `offset` requests less.
        var isFirst = true
        var used = 0
    }

    private let state = NIOLockedValueBox(State())

    /// Counts a request, if the quota has one left.
    func take(_ quota: UsagePlan.Quota, now: WallTime) -> Bool {
        let moment = Moment(period: quota.period, number: Self.number(of: quota.period, now))
        return state.withLockedValue { state in
            if let last = state.moment, last.period == moment.period, last.number > moment.number {
                // A request that came before the period ended and was held up, or a clock that goes back: neither may
                // give everybody a new quota.
            } else if state.moment != moment {
                // Another period on a reload begins anew too, but not with the first one's offset once more.
                state.isFirst = state.moment == nil
                state.moment = moment
                state.used = 0
            }
            guard state.used < quota.requests - (state.isFirst ? quota.offset : 0) else { return false }
            state.used += 1
            return true
        }
    }

    private static func number(of period: UsagePlan.Quota.Period, _ now: WallTime) -> Int {
        let days = now.seconds / 86_400
        switch period {
        case .day: return days
        // 1 January 1970 was a Thursday.
        case .week: return (days + 4) / 7
        case .month: return CalendarDate(seconds: now.seconds).monthNumber
        }
    }
}
