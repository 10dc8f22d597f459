//! Call money and accounts without an end.

use chrono::NaiveDateTime;

use super::{Action, Plan, Planned, key};
use crate::actus::{
    code::{EndOfMonthConvention, EventType},
    contract::need,
    cycle::{Cycle, End, Span},
    error::{ActusError, fits},
    market::Observed,
};

/// The place of the interest that is settled after notice: after the notice of the same moment,
/// before the principal.
const SETTLED_INTEREST: i64 = 165;

/// CLM: interest capitalizes until notice is given or the contract matures; then interest and
/// principal are paid. Gives the last moment to look at.
pub(super) fn money(
    plan: &mut Plan<'_>,
    end: NaiveDateTime,
    observed: &Observed,
    to: Option<NaiveDateTime>,
) -> Result<Option<NaiveDateTime>, ActusError> {
    let notices = observed.events().iter();
    let notices = notices.filter(|event| event.event_type == EventType::Xd);
    let notice = notices.map(|event| event.time).min();
    let end = notice.unwrap_or(end);
    capitalizations(plan, end)?;
    plan.add_rate_resets(end)?;
    plan.add_fees(end, End::Excluded)?;
    let Some(notice) = notice else {
        plan.add(end, EventType::Ip, Action::PayInterest);
        plan.add(end, EventType::Md, Action::Mature);
        return Ok(to);
    };
    let text = plan.contract.terms.x_day_notice.as_ref();
    let term = "xDayNotice";
    let text = text.ok_or(ActusError::Missing {
        term,
        reason: "it says when a loan is settled after notice",
    })?;
    let span = Span::read(text).ok_or_else(|| ActusError::Value {
        term,
        given: text.clone(),
        allowed: "a period such as P31D or P1M",
    })?;
    let settled = span.after(notice, 1, EndOfMonthConvention::Sd);
    let settled = fits(settled, "the settlement date")?;
    let pending = settled > notice;
    plan.add(notice, EventType::Xd, Action::Notice { pending });
    plan.events.push(Planned {
        time: settled,
        scheduled: settled,
        event_type: EventType::Ip,
        action: Action::PayInterest,
        rank: SETTLED_INTEREST,
    });
    plan.add(settled, EventType::Std, Action::Mature);
    // Notice within the projection is settled, be it later.
    let seen = to.is_none_or(|to| key(notice, EventType::Xd.rank()) <= key(to, super::LAST));
    Ok(if seen {
        to.map(|to| to.max(settled))
    } else {
        to
    })
}

/// UMP: interest capitalizes; deposits and withdrawals are observed.
pub(super) fn account(plan: &mut Plan<'_>, end: NaiveDateTime) -> Result<(), ActusError> {
    capitalizations(plan, end)?;
    plan.add_rate_resets(end)?;
    plan.add_fees(end, End::Excluded)
}

fn capitalizations(plan: &mut Plan<'_>, end: NaiveDateTime) -> Result<(), ActusError> {
    let terms = plan.contract.terms;
    let cycle = Cycle::maybe(
        "cycleOfInterestPayment",
        terms.cycle_of_interest_payment.as_ref(),
    )?;
    let anchor = terms.cycle_anchor_date_of_interest_payment;
    if anchor.is_some() {
        need(cycle, "cycleOfInterestPayment", "interest has an anchor")?;
    }
    let event = (EventType::Ipci, Action::Capitalize);
    plan.add_cycle(anchor, cycle, end, End::Excluded, event)
}
