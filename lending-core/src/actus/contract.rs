//! A contract: its terms checked, defaults filled in.

use alloc::{string::ToString, vec::Vec};

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::{
    code::{
        BusinessDayConvention, ContractRole, ContractType, CyclePoint, EndOfMonthConvention,
        FeeBasis, InterestCalculationBase,
    },
    convention::{self, Conventions},
    cycle::{self, Cycle, End},
    error::{ActusError, fits},
    plan,
    terms::ActusTerms,
};

/// A contract: its terms checked, defaults filled in.
pub(super) struct Contract<'a> {
    pub(super) terms: &'a ActusTerms,
    pub(super) kind: ContractType,
    /// 1 for the lender, −1 for the borrower.
    pub(super) sign: Decimal,
    pub(super) currency: &'a str,
    pub(super) status: NaiveDateTime,
    pub(super) exchange: NaiveDateTime,
    pub(super) notional: Decimal,
    pub(super) rate: Decimal,
    pub(super) conventions: Conventions,
    pub(super) month_end: EndOfMonthConvention,
    pub(super) base: InterestCalculationBase,
    pub(super) fee_basis: FeeBasis,
    pub(super) fee_rate: Decimal,
    /// Interest is paid at the beginning of its period.
    pub(super) pays_ahead: bool,
    /// A rate is fixed at the end of the period it holds for.
    pub(super) fixes_after: bool,
    /// When the rest falls due; missing for accounts without an end.
    pub(super) maturity: Option<NaiveDateTime>,
}

/// A term that has to be there.
pub(super) fn need<T: Copy>(
    value: Option<T>,
    term: &'static str,
    reason: &'static str,
) -> Result<T, ActusError> {
    value.ok_or(ActusError::Missing { term, reason })
}

const ALWAYS: &str = "every contract has it";

impl<'a> Contract<'a> {
    pub(super) fn new(
        terms: &'a ActusTerms,
        to: Option<NaiveDateTime>,
    ) -> Result<Self, ActusError> {
        let kind = need(terms.contract_type, "contractType", ALWAYS)?;
        let role = need(terms.contract_role, "contractRole", ALWAYS)?;
        let notional = need(terms.notional_principal, "notionalPrincipal", ALWAYS)?;
        let currency = terms.currency.as_deref();
        check_cycle_points(terms, kind)?;
        check_amounts(terms)?;
        let mut contract = Self {
            terms,
            kind,
            sign: match role {
                ContractRole::Rpa => Decimal::ONE,
                ContractRole::Rpl => -Decimal::ONE,
            },
            currency: need(currency, "currency", ALWAYS)?,
            status: need(terms.status_date, "statusDate", ALWAYS)?,
            exchange: need(terms.initial_exchange_date, "initialExchangeDate", ALWAYS)?,
            notional,
            rate: terms.nominal_interest_rate.unwrap_or_default(),
            conventions: Conventions::new(
                convention::calendar(terms)?,
                terms
                    .business_day_convention
                    .unwrap_or(BusinessDayConvention::Nos),
                need(terms.day_count_convention, "dayCountConvention", ALWAYS)?,
            ),
            month_end: terms
                .end_of_month_convention
                .unwrap_or(EndOfMonthConvention::Sd),
            base: terms
                .interest_calculation_base
                .unwrap_or(InterestCalculationBase::Nt),
            fee_basis: terms.fee_basis.unwrap_or(FeeBasis::Notional),
            fee_rate: terms.fee_rate.unwrap_or_default(),
            pays_ahead: terms.cycle_point_of_interest_payment == Some(CyclePoint::Beginning),
            fixes_after: terms.cycle_point_of_rate_reset == Some(CyclePoint::End),
            maturity: None,
        };
        let maturity = plan::maturity(&contract, to)?;
        contract.maturity = maturity;
        contract.conventions.maturity = maturity.map(|end| end.date());
        Ok(contract)
    }

    /// Whether principal had been lent when the terms were looked at.
    pub(super) fn is_running(&self) -> bool {
        self.exchange <= self.status
    }

    /// What interest accrues on from the initial exchange on, signed.
    pub(super) fn first_base(&self) -> Result<Decimal, ActusError> {
        let base = match self.base {
            InterestCalculationBase::Nt => self.notional,
            InterestCalculationBase::Ntied | InterestCalculationBase::Ntl => self
                .terms
                .interest_calculation_base_amount
                .unwrap_or(self.notional),
        };
        fits(self.sign.checked_mul(base), "the interest calculation base")
    }

    /// The first redemption.
    pub(super) fn first_redemption(
        &self,
        cycle: Option<Cycle>,
    ) -> Result<NaiveDateTime, ActusError> {
        if let Some(anchor) = self.terms.cycle_anchor_date_of_principal_redemption {
            return Ok(anchor);
        }
        let cycle = cycle.ok_or(ActusError::Missing {
            term: "cycleAnchorDateOfPrincipalRedemption",
            reason: "redemptions have a first date or a cycle",
        })?;
        let first = cycle.span.after(self.exchange, 1, self.month_end);
        fits(first, "the first redemption date")
    }

    /// The dates of a cycle before an end; the initial exchange is the anchor of a cycle that has
    /// none.
    pub(super) fn dates(
        &self,
        anchor: Option<NaiveDateTime>,
        cycle: Option<Cycle>,
        end: NaiveDateTime,
        include: End,
    ) -> Result<Vec<NaiveDateTime>, ActusError> {
        let anchor = anchor.or(cycle.is_some().then_some(self.exchange));
        cycle::dates(anchor, end, cycle, self.month_end, include)
    }
}

/// Interest paid ahead and rates fixed afterwards: of contracts whose redemptions do not depend on
/// interest.
fn check_cycle_points(terms: &ActusTerms, kind: ContractType) -> Result<(), ActusError> {
    let ahead = terms.cycle_point_of_interest_payment == Some(CyclePoint::Beginning);
    let after = terms.cycle_point_of_rate_reset == Some(CyclePoint::End);
    let applies = matches!(
        kind,
        ContractType::Pam | ContractType::Lam | ContractType::Lax
    );
    for (term, given, set) in [
        ("cyclePointOfInterestPayment", CyclePoint::Beginning, ahead),
        ("cyclePointOfRateReset", CyclePoint::End, after),
    ] {
        if set && !applies {
            return Err(ActusError::Unsupported {
                term,
                given: given.to_string(),
                allowed: "it is for PAM, LAM and LAX",
            });
        }
    }
    if ahead && terms.capitalization_end_date.is_some() {
        return Err(ActusError::Contradiction {
            term: "cyclePointOfInterestPayment",
            other: "capitalizationEndDate",
            reason: "interest paid at the beginning of its period does not capitalize",
        });
    }
    Ok(())
}

/// Amounts and bounds that make no sense.
fn check_amounts(terms: &ActusTerms) -> Result<(), ActusError> {
    for (term, value) in [
        ("notionalPrincipal", terms.notional_principal),
        (
            "nextPrincipalRedemptionPayment",
            terms.next_principal_redemption_payment,
        ),
    ] {
        if let Some(given) = value.filter(|amount| amount.is_sign_negative() && !amount.is_zero()) {
            return Err(ActusError::Value {
                term,
                given: given.to_string(),
                allowed: "amounts are not below zero: contractRole gives the direction",
            });
        }
    }
    for (term, other, low, high) in [
        ("lifeFloor", "lifeCap", terms.life_floor, terms.life_cap),
        (
            "periodFloor",
            "periodCap",
            terms.period_floor,
            terms.period_cap,
        ),
    ] {
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            return Err(ActusError::Contradiction {
                term,
                other,
                reason: "the floor lies above the cap",
            });
        }
    }
    Ok(())
}
