//! Fees and taxes of a row, in units.

use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{
    InstalmentFee, ScheduleError, TaxKind, Taxes,
    engine::{Engine, too_large},
    exact::{Ratio, mul_div},
};

/// What a row carries beside principal and interest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Charges {
    pub(super) fee: i128,
    pub(super) tax: i128,
    /// What the row's total grows by.
    pub(super) on_top: i128,
}

/// The fees of a schedule: those that are the same on every row are computed once.
pub(super) struct Fees<'a> {
    taxes: &'a Taxes,
    parts: Vec<Part>,
    taxed: bool,
}

enum Part {
    /// The same each time; the last row takes `last`.
    Fixed {
        each: i128,
        last: i128,
    },
    OfPrincipal(Ratio),
    OfInterest(Ratio),
    OfBoth(Ratio),
}

fn percent(value: Decimal) -> Result<Ratio, ScheduleError> {
    Ratio::of_decimal(value)
        .checked_mul(Ratio { num: 1, den: 100 })
        .ok_or_else(too_large)
}

impl<'a> Fees<'a> {
    pub(super) fn new(engine: &Engine<'a>, disbursed: i128) -> Result<Self, ScheduleError> {
        let terms = engine.terms;
        let mut parts = Vec::new();
        for fee in &terms.fees {
            parts.push(Part::new(engine, fee, disbursed)?);
        }
        let taxed = terms.taxes.interest_percent.is_some() || terms.taxes.fee_percent.is_some();
        Ok(Self {
            taxes: &terms.taxes,
            parts,
            taxed,
        })
    }

    pub(super) const fn any(&self) -> bool {
        self.taxed || !self.parts.is_empty()
    }

    pub(super) fn of_row(
        &self,
        engine: &Engine<'_>,
        number: u32,
        principal: i128,
        interest: i128,
        last: bool,
    ) -> Result<Charges, ScheduleError> {
        let mode = engine.units.mode;
        let part = |base: i128, ratio: Ratio| mul_div(base, ratio, mode).ok_or_else(too_large);
        let add = |a: i128, b: i128| a.checked_add(b).ok_or_else(too_large);
        let mut fee = 0_i128;
        let contract_last = number == engine.rows_in_all();
        for each in &self.parts {
            let amount = match each {
                Part::Fixed { last: rest, .. } if last && contract_last => *rest,
                Part::Fixed { each, .. } => *each,
                Part::OfPrincipal(ratio) => part(principal.max(0), *ratio)?,
                Part::OfInterest(ratio) => part(interest, *ratio)?,
                Part::OfBoth(ratio) => part(add(principal, interest)?, *ratio)?,
            };
            fee = add(fee, amount)?;
        }
        let fee = engine.whole_element(fee)?;
        let (mut tax, mut on_top) = (0, fee);
        for (base, rate, kind) in [
            (interest, self.taxes.interest_percent, self.taxes.kind),
            (fee, self.taxes.fee_percent, self.taxes.on_fees()),
        ] {
            let Some(rate) = rate else { continue };
            let amount = taxed(base, percent(rate)?, kind, &part)?;
            tax = add(tax, amount)?;
            if kind == TaxKind::Exclusive {
                on_top = add(on_top, amount)?;
            }
        }
        Ok(Charges { fee, tax, on_top })
    }
}

/// The tax of a rate, a part of one, on an amount.
fn taxed(
    base: i128,
    rate: Ratio,
    kind: TaxKind,
    part: &impl Fn(i128, Ratio) -> Result<i128, ScheduleError>,
) -> Result<i128, ScheduleError> {
    let den = match kind {
        TaxKind::Exclusive => Some(rate.den),
        // X·t/(1+t)
        TaxKind::Inclusive => rate.den.checked_add(rate.num),
    };
    let den = den.ok_or_else(too_large)?;
    part(base, Ratio { num: rate.num, den })
}

impl Part {
    fn new(
        engine: &Engine<'_>,
        fee: &InstalmentFee,
        disbursed: i128,
    ) -> Result<Self, ScheduleError> {
        let mode = engine.units.mode;
        let whole = |base: i128, ratio: Ratio| mul_div(base, ratio, mode).ok_or_else(too_large);
        let rows = i128::from(engine.rows_in_all()).max(1);
        let divided = |amount: i128| {
            let each = whole(amount, Ratio { num: 1, den: rows })?;
            let others = each.checked_mul(rows.saturating_sub(1));
            let last = others.and_then(|others| amount.checked_sub(others));
            Ok(Self::Fixed {
                each,
                last: last.ok_or_else(too_large)?,
            })
        };
        match fee {
            InstalmentFee::Flat { amount } => {
                let each = engine.units.amount(*amount, "a fee in whole units")?;
                Ok(Self::Fixed { each, last: each })
            }
            InstalmentFee::Divided { amount } => {
                divided(engine.units.amount(*amount, "a fee in whole units")?)
            }
            InstalmentFee::DisbursedPercentDivided { percent: rate } => {
                divided(whole(disbursed, percent(*rate)?)?)
            }
            InstalmentFee::DisbursedPercent { percent: rate } => {
                let each = whole(disbursed, percent(*rate)?)?;
                Ok(Self::Fixed { each, last: each })
            }
            InstalmentFee::PrincipalPercent { percent: rate } => {
                Ok(Self::OfPrincipal(percent(*rate)?))
            }
            InstalmentFee::InterestPercent { percent: rate } => {
                Ok(Self::OfInterest(percent(*rate)?))
            }
            InstalmentFee::TotalPercent { percent: rate } => Ok(Self::OfBoth(percent(*rate)?)),
        }
    }
}
