//! Rates over time: the contract's dated changes, or the reviews of an index.

use alloc::{format, vec::Vec};

use chrono::NaiveDate;

use super::super::{Pricing, Rate, ScheduleError, ScheduleTerms, terms::setting};
use crate::dates::MonthEnd;

/// The dated rates: the contract's changes, or the reviews of an index.
pub(super) fn rate_line(
    terms: &ScheduleTerms,
    disbursed_on: NaiveDate,
    last_due: NaiveDate,
) -> Result<Vec<(NaiveDate, Rate)>, ScheduleError> {
    let interest = &terms.interest;
    let Pricing::Indexed {
        index,
        review,
        floor,
        ceiling,
    } = &interest.pricing
    else {
        let changes = interest.changes.iter();
        return Ok(changes.map(|change| (change.from, change.rate)).collect());
    };
    let mut line = Vec::new();
    let mut at = disbursed_on;
    let mut count = 0_u32;
    while at < last_due {
        let value = index.iter().take_while(|value| value.from <= at).last();
        let Some(value) = value else {
            return Err(setting(
                "interest.pricing",
                format!("no index value on {at}"),
                "the index must have a value on the disbursement date",
            ));
        };
        let sum = value.percent.checked_add(interest.rate.percent);
        let mut percent = sum.ok_or_else(|| ScheduleError::overflow("the index rate"))?;
        percent = floor.map_or(percent, |floor| percent.max(floor));
        percent = ceiling.map_or(percent, |ceiling| percent.min(ceiling));
        let rate = Rate {
            percent,
            per: interest.rate.per,
        };
        if line.last().is_none_or(|(_, before)| *before != rate) {
            line.push((at, rate));
        }
        count = count.saturating_add(1);
        let next = review.after(disbursed_on, count, MonthEnd::Clamp);
        at = match next {
            Some(next) if next > at => next,
            _ => break,
        };
    }
    Ok(line)
}
