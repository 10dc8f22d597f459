//! A rule of a compatibility matrix.

use alloc::{format, vec::Vec};

use crate::{
    Violation, ViolationKind,
    product::{FeeAmount, FeeWhen, PredefinedFee},
};

/// A pair of settings that a product must not have together.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule<P: 'static> {
    /// The stable name of the rule.
    pub id: &'static str,
    /// The first setting, as a path.
    pub setting: &'static str,
    /// Its values that are meant.
    pub value: &'static str,
    /// The other setting, as a path.
    pub other: &'static str,
    /// Its values that are meant.
    pub other_value: &'static str,
    /// Why the two make no sense together.
    pub reason: &'static str,
    /// Whether a product has both.
    pub applies: fn(&P) -> bool,
}

impl<P> Rule<P> {
    fn violation(&self) -> Violation {
        let Self {
            id,
            setting,
            value,
            other,
            other_value,
            reason,
            ..
        } = *self;
        let given = format!("{value} beside {other} {other_value}");
        let allowed = format!("only one of the two ({reason})");
        let mut found = Violation::new(ViolationKind::Incompatible, setting, given, allowed);
        found.rule = Some(id);
        found
    }
}

/// An amount that is given each time belongs to fees that staff charge with an amount of their choice.
pub(crate) const fn fee_given<P>(applies: fn(&P) -> bool) -> Rule<P> {
    Rule {
        id: "fee-given",
        setting: "fees.amount",
        value: "GIVEN",
        other: "fees.when",
        other_value: "any but MANUAL_ANY_AMOUNT",
        reason: "only staff can choose an amount, and only there",
        applies,
    }
}

/// Whether a fee breaks [`fee_given`].
pub(crate) fn is_given_wrongly(fees: &[PredefinedFee]) -> bool {
    fees.iter()
        .any(|fee| (fee.amount == FeeAmount::Given) != (fee.when == FeeWhen::ManualAnyAmount))
}

/// Rates that come in tiers are not agreed beside them.
pub(crate) const fn tiered_rate<P>(applies: fn(&P) -> bool) -> Rule<P> {
    Rule {
        id: "tiered-rate",
        setting: "interest.pricing",
        value: "TIERED",
        other: "interest.rate",
        other_value: "a range",
        reason: "the tiers are the rates",
        applies,
    }
}

/// Every rule that a product breaks.
pub(crate) fn broken<P>(matrix: &[&[Rule<P>]], product: &P, found: &mut Vec<Violation>) {
    for rule in matrix.iter().copied().flatten() {
        if (rule.applies)(product) {
            found.push(rule.violation());
        }
    }
}
