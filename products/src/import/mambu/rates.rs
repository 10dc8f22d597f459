//! Rates, charge frequencies, tiers and indexes.

use lending_core::{
    dates::Period,
    schedule::{BalanceTier, ChargeFrequency, TierPart},
};
use rust_decimal::Decimal;

use super::INTERNAL;
use crate::{
    JsonError, Range,
    import::{NoteKind, Reader},
    product::{DayTier, PricingSettings},
};

/// Rate, frequency and tiers of an interest setting.
pub(super) struct RateSettings {
    pub(super) rate: Range<Decimal>,
    pub(super) per: ChargeFrequency,
    pub(super) pricing: PricingSettings,
    pub(super) after_maturity: Option<bool>,
}

pub(super) fn rate_settings(reader: &mut Reader<'_, '_>) -> Result<RateSettings, JsonError> {
    reader.not_taken(&["encodedKey"], INTERNAL);
    let rate = reader.range(["minInterestRate", "defaultInterestRate", "maxInterestRate"])?;
    let name = "interestChargeFrequencyCount";
    let count = reader.whole::<u32>(name)?;
    let per = [
        ("ANNUALIZED", ChargeFrequency::Year),
        ("EVERY_MONTH", ChargeFrequency::Month),
        ("EVERY_FOUR_WEEKS", ChargeFrequency::FourWeeks),
        ("EVERY_WEEK", ChargeFrequency::Week),
        ("EVERY_DAY", ChargeFrequency::Day),
        ("EVERY_X_DAYS", ChargeFrequency::Days(count.unwrap_or(0))),
    ];
    let per = reader
        .word("interestChargeFrequency", &per)?
        .unwrap_or_default();
    if count.is_some_and(|count| count != 1) && !matches!(per, ChargeFrequency::Days(_)) {
        let outcome = "left out: a count belongs to EVERY_X_DAYS only";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    let after_maturity = reader.maybe("accrueInterestAfterMaturity")?;
    let pricing = pricing(reader)?;
    Ok(RateSettings {
        rate,
        per,
        pricing,
        after_maturity,
    })
}

const INDEX_NAMES: [&str; 5] = [
    "indexSourceKey",
    "interestRateReviewCount",
    "interestRateReviewUnit",
    "interestRateFloorValue",
    "interestRateCeilingValue",
];

/// Which of several pricings a document means.
#[derive(Clone, Copy, PartialEq)]
enum Terms {
    Fixed,
    ByBalance,
    ByDays,
}

fn pricing(reader: &mut Reader<'_, '_>) -> Result<PricingSettings, JsonError> {
    let sources = [
        ("FIXED_INTEREST_RATE", false),
        ("INDEX_INTEREST_RATE", true),
    ];
    let indexed = reader
        .word("interestRateSource", &sources)?
        .unwrap_or_default();
    let terms = [
        ("FIXED", Terms::Fixed),
        ("TIERED", Terms::ByBalance),
        ("TIERED_PERIOD", Terms::ByDays),
    ];
    let terms = reader
        .word("interestRateTerms", &terms)?
        .unwrap_or(Terms::Fixed);
    let tiers = reader.each("interestRateTiers", |inner| {
        inner.not_taken(&["encodedKey", "index"], INTERNAL);
        let percent = inner.decimal("interestRate")?;
        let Some(percent) = percent else {
            return Err(inner.refuse("interestRate", "the rate of the tier"));
        };
        let tier = (
            inner.decimal("endingBalance")?,
            inner.whole::<u32>("endingDay")?,
            percent,
        );
        let (unused, given) = match terms {
            Terms::ByBalance => ("endingDay", tier.1.is_some()),
            Terms::ByDays => ("endingBalance", tier.0.is_some()),
            Terms::Fixed => ("endingBalance", false),
        };
        if given {
            let outcome = "left out: the tiers are of another sort";
            inner.note(NoteKind::Contradiction, unused, outcome);
        }
        Ok(tier)
    })?;
    if indexed {
        if terms != Terms::Fixed || !tiers.is_empty() {
            let outcome = "left out: the rate comes from an index";
            reader.note(NoteKind::Contradiction, "interestRateTiers", outcome);
        }
        return index(reader);
    }
    for name in INDEX_NAMES {
        if reader.take(name).is_some() {
            let outcome = "left out: the rate does not come from an index";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
    }
    let mut tiers = tiers;
    if let Some((balance, day, _)) = tiers.last_mut()
        && terms != Terms::Fixed
        && (balance.take().is_some() | day.take().is_some())
    {
        let outcome = "the last tier goes on without an end";
        reader.note(NoteKind::Assumed, "interestRateTiers", outcome);
    }
    Ok(match terms {
        Terms::Fixed => {
            if !tiers.is_empty() {
                let outcome = "left out: the rate is fixed";
                reader.note(NoteKind::Contradiction, "interestRateTiers", outcome);
            }
            PricingSettings::Fixed
        }
        Terms::ByBalance => PricingSettings::TieredByBalance {
            tiers: tiers
                .into_iter()
                .map(|(up_to, _, percent)| BalanceTier { up_to, percent })
                .collect(),
            part: TierPart::default(),
        },
        Terms::ByDays => PricingSettings::TieredByDays {
            tiers: tiers
                .into_iter()
                .map(|(_, up_to, percent)| DayTier { up_to, percent })
                .collect(),
        },
    })
}

fn index(reader: &mut Reader<'_, '_>) -> Result<PricingSettings, JsonError> {
    let index = reader.text("indexSourceKey")?.unwrap_or_default().into();
    let count = reader.whole::<u32>("interestRateReviewCount")?;
    if count.is_none() {
        let outcome = "one";
        reader.note(NoteKind::Assumed, "interestRateReviewCount", outcome);
    }
    let count = count.unwrap_or(1);
    let units = [
        ("DAYS", Period::Days(count)),
        ("WEEKS", Period::Weeks(count)),
        ("MONTHS", Period::Months(count)),
    ];
    let review = reader.word("interestRateReviewUnit", &units)?;
    if review.is_none() {
        let outcome = "months";
        reader.note(NoteKind::Assumed, "interestRateReviewUnit", outcome);
    }
    Ok(PricingSettings::Indexed {
        index,
        review: review.unwrap_or(Period::Months(count)),
        floor: reader.decimal("interestRateFloorValue")?,
        ceiling: reader.decimal("interestRateCeilingValue")?,
    })
}
