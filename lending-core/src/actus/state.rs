//! The state of a contract and how events change it.

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::{
    annuity,
    code::{ContractType, FeeBasis, InterestCalculationBase, ScalingEffect},
    contract::{Contract, need},
    error::{ActusError, fits},
    market::Observed,
    plan::{self, Action, Penalty},
};

/// The state between two events. Amounts are signed: below zero for the borrower.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// When the last event was scheduled.
    pub(super) time: NaiveDateTime,
    pub(super) notional: Decimal,
    pub(super) rate: Decimal,
    pub(super) accrued: Decimal,
    /// What interest accrues on.
    base: Decimal,
    /// The next redemption payment, above zero.
    pub(super) payment: Option<Decimal>,
    notional_scaling: Decimal,
    interest_scaling: Decimal,
    fee_accrued: Decimal,
    /// Interest due at the settlement that notice was given for.
    called: Option<Decimal>,
    /// Interest at a rate of one since the period began whose rate is fixed at its end.
    unfixed: Option<Decimal>,
}

/// `left × right`.
fn times(left: Decimal, right: Decimal) -> Result<Decimal, ActusError> {
    fits(left.checked_mul(right), "an amount")
}

/// `left + right`.
fn plus(left: Decimal, right: Decimal) -> Result<Decimal, ActusError> {
    fits(left.checked_add(right), "an amount")
}

/// `left − right`.
fn minus(left: Decimal, right: Decimal) -> Result<Decimal, ActusError> {
    fits(left.checked_sub(right), "an amount")
}

fn opposite(amount: Decimal) -> Result<Decimal, ActusError> {
    minus(Decimal::ZERO, amount)
}

impl State {
    /// The state when the terms were looked at.
    pub(super) fn new(contract: &Contract<'_>) -> Result<Self, ActusError> {
        let terms = contract.terms;
        let mut state = Self {
            time: contract.status,
            notional: Decimal::ZERO,
            rate: Decimal::ZERO,
            accrued: Decimal::ZERO,
            base: Decimal::ZERO,
            payment: terms.next_principal_redemption_payment,
            notional_scaling: terms.notional_scaling_multiplier.unwrap_or(Decimal::ONE),
            interest_scaling: terms.interest_scaling_multiplier.unwrap_or(Decimal::ONE),
            fee_accrued: times(contract.sign, terms.fee_accrued.unwrap_or_default())?,
            called: None,
            unfixed: None,
        };
        if contract.is_running() {
            state.notional = times(contract.sign, contract.notional)?;
            state.rate = contract.rate;
            state.base = contract.first_base()?;
            state.accrued = match terms.accrued_interest {
                Some(accrued) => times(contract.sign, accrued)?,
                None => state.accrued_at_status(contract)?,
            };
        }
        if state.payment.is_none() {
            state.payment = match contract.kind {
                ContractType::Lam => Some(annuity::linear(contract)?),
                ContractType::Ann if contract.is_running() => {
                    Some(annuity::payment(contract, &state, contract.status)?)
                }
                _ => None,
            };
        }
        Ok(state)
    }

    /// The interest of the period that the status date lies in: accrued so far, or paid ahead for
    /// the rest of it.
    fn accrued_at_status(&self, contract: &Contract<'_>) -> Result<Decimal, ActusError> {
        let (before, after) = plan::interest_dates_around(contract)?;
        let of_year = |start, end| {
            let interest = times(self.rate, self.base)?;
            contract.conventions.of_year(interest, start, end)
        };
        match (before, after) {
            (Some(_), Some(after)) if contract.pays_ahead => {
                opposite(of_year(contract.status, after)?)
            }
            (Some(before), _) => of_year(before, contract.status),
            (None, _) => Ok(Decimal::ZERO),
        }
    }

    /// Interest and fee from the last event to a time.
    fn passed(
        &self,
        contract: &Contract<'_>,
        time: NaiveDateTime,
    ) -> Result<(Decimal, Decimal), ActusError> {
        let conventions = &contract.conventions;
        let interest = conventions.of_year(times(self.rate, self.base)?, self.time, time)?;
        let fee = times(contract.fee_rate, self.notional)?;
        Ok((interest, conventions.of_year(fee, self.time, time)?))
    }

    /// Carries out an event scheduled for a time; what it pays.
    pub(super) fn apply(
        &mut self,
        action: Action,
        time: NaiveDateTime,
        contract: &Contract<'_>,
        observed: &Observed,
    ) -> Result<Decimal, ActusError> {
        match action {
            Action::Exchange => return self.exchange(time, contract),
            Action::BeginReset => {
                let passed = contract.conventions.of_year(self.base, self.time, time)?;
                self.unfixed = Some(opposite(passed)?);
                return Ok(Decimal::ZERO);
            }
            _ => {}
        }
        let penalty = match action {
            Action::Penalty(penalty) => self.penalty(penalty, time, contract, observed)?,
            _ => Decimal::ZERO,
        };
        // Interest stops where notice has been given.
        let (interest, fee) = if self.called.is_some() {
            (Decimal::ZERO, Decimal::ZERO)
        } else {
            self.passed(contract, time)?
        };
        if let Some(unfixed) = self.unfixed {
            let passed = contract.conventions.of_year(self.base, self.time, time)?;
            self.unfixed = Some(plus(unfixed, passed)?);
        }
        self.accrued = plus(self.accrued, interest)?;
        self.fee_accrued = plus(self.fee_accrued, fee)?;
        self.time = time;
        match action {
            Action::Exchange | Action::BeginReset => Ok(Decimal::ZERO),
            Action::Redeem(amount) => self.redeem(amount, contract),
            Action::Increase(amount) => self.increase(amount, contract),
            Action::Move(amount) => self.move_principal(amount, contract),
            Action::Prepay => self.prepay(time, contract, observed),
            Action::Look => Ok(Decimal::ZERO),
            Action::Penalty(_) => Ok(penalty),
            Action::PayInterest => self.pay_interest(),
            Action::PayInterestTo(next) => self.pay_interest_to(next, contract),
            Action::Capitalize => self.capitalize(contract),
            Action::PayFee => self.pay_fee(contract),
            Action::Reset { spread } => self.reset(spread, time, contract, observed),
            Action::ResetFixed(rate) => self.reset_to(rate),
            Action::ResetPhase(rate) => {
                self.unfixed = None;
                let terms = contract.terms;
                let rate = times(rate, terms.rate_multiplier.unwrap_or(Decimal::ONE))?;
                self.reset_within(plus(rate, terms.rate_spread.unwrap_or_default())?, contract)
            }
            Action::FixPayment => {
                self.payment = Some(annuity::payment(contract, self, time)?);
                Ok(Decimal::ZERO)
            }
            Action::Scale => self.scale(time, contract, observed),
            Action::FixBase => {
                self.base = self.notional;
                Ok(Decimal::ZERO)
            }
            Action::Purchase => {
                let price = contract.terms.price_at_purchase_date.unwrap_or_default();
                opposite(times(contract.sign, plus(price, self.accrued)?)?)
            }
            Action::Terminate => {
                let price = contract.terms.price_at_termination_date.unwrap_or_default();
                let paid = times(contract.sign, plus(price, self.accrued)?)?;
                self.close();
                Ok(paid)
            }
            Action::Mature => {
                let paid = times(self.notional_scaling, self.notional)?;
                self.close();
                Ok(paid)
            }
            Action::Notice { pending } => {
                if pending {
                    self.called = Some(self.accrued);
                    self.accrued = Decimal::ZERO;
                }
                Ok(Decimal::ZERO)
            }
        }
    }

    fn exchange(
        &mut self,
        time: NaiveDateTime,
        contract: &Contract<'_>,
    ) -> Result<Decimal, ActusError> {
        let terms = contract.terms;
        self.time = time;
        self.notional = times(contract.sign, contract.notional)?;
        self.rate = contract.rate;
        self.base = contract.first_base()?;
        self.accrued =
            match (
                terms.accrued_interest,
                terms.cycle_anchor_date_of_interest_payment,
            ) {
                (Some(accrued), _) => times(contract.sign, accrued)?,
                // Interest that runs from before the exchange.
                (None, Some(anchor)) if anchor < contract.exchange => contract
                    .conventions
                    .of_year(times(self.rate, self.base)?, anchor, time)?,
                _ => Decimal::ZERO,
            };
        if contract.kind == ContractType::Ann && self.payment.is_none() {
            // The fixing of a payment due on this very day would have come before the exchange.
            let fixing = plan::first_fixing(contract)?;
            if fixing < time {
                self.payment = Some(annuity::payment(contract, self, fixing)?);
            }
        }
        let premium = match contract.kind {
            ContractType::Clm | ContractType::Ump => Decimal::ZERO,
            _ => terms.premium_discount_at_ied.unwrap_or_default(),
        };
        opposite(times(contract.sign, plus(contract.notional, premium)?)?)
    }

    /// Pays principal back: never more than is left. The payment of a NAM or an ANN covers
    /// interest first; where it does not, the principal grows.
    fn redeem(
        &mut self,
        amount: Option<Decimal>,
        contract: &Contract<'_>,
    ) -> Result<Decimal, ActusError> {
        let payment = need(
            amount.or(self.payment),
            "nextPrincipalRedemptionPayment",
            "a redemption has an amount",
        )?;
        let principal = match contract.kind {
            ContractType::Nam | ContractType::Ann => {
                minus(payment, times(contract.sign, self.accrued)?)?
            }
            _ => payment,
        };
        self.move_principal(principal.min(self.notional.abs()), contract)
    }

    /// Draws principal: a redemption below zero.
    fn increase(
        &mut self,
        amount: Decimal,
        contract: &Contract<'_>,
    ) -> Result<Decimal, ActusError> {
        self.move_principal(opposite(amount)?, contract)
    }

    fn move_principal(
        &mut self,
        amount: Decimal,
        contract: &Contract<'_>,
    ) -> Result<Decimal, ActusError> {
        let signed = times(contract.sign, amount)?;
        self.notional = minus(self.notional, signed)?;
        // The amount fixed at the initial exchange holds for contracts whose payments cover
        // interest; linear ones go on from the notional.
        let follows = match contract.base {
            InterestCalculationBase::Nt => true,
            InterestCalculationBase::Ntl => false,
            InterestCalculationBase::Ntied => {
                !matches!(contract.kind, ContractType::Nam | ContractType::Ann)
            }
        };
        if follows {
            self.base = self.notional;
        }
        times(self.notional_scaling, signed)
    }

    /// Pays back what the model says, never more than is left.
    fn prepay(
        &mut self,
        time: NaiveDateTime,
        contract: &Contract<'_>,
        observed: &Observed,
    ) -> Result<Decimal, ActusError> {
        let code = need(
            contract.terms.object_code_of_prepayment_model.as_deref(),
            "objectCodeOfPrepaymentModel",
            "it gives the principal that is prepaid",
        )?;
        let amount = observed.at(code, time)?;
        self.move_principal(amount.min(self.notional.abs()), contract)
    }

    fn pay_interest(&mut self) -> Result<Decimal, ActusError> {
        let due = self.called.take().unwrap_or(self.accrued);
        self.accrued = Decimal::ZERO;
        // The settlement of a called loan leaves nothing to accrue on.
        times(self.interest_scaling, due)
    }

    /// Pays the interest accrued and that of the period to come, which is what accrues until then.
    fn pay_interest_to(
        &mut self,
        next: NaiveDateTime,
        contract: &Contract<'_>,
    ) -> Result<Decimal, ActusError> {
        let interest = times(self.rate, self.base)?;
        let ahead = contract.conventions.of_year(interest, self.time, next)?;
        let due = plus(self.accrued, ahead)?;
        self.accrued = opposite(ahead)?;
        times(self.interest_scaling, due)
    }

    /// A penalty, on the state before it.
    fn penalty(
        &self,
        penalty: Penalty,
        time: NaiveDateTime,
        contract: &Contract<'_>,
        observed: &Observed,
    ) -> Result<Decimal, ActusError> {
        let rate = match penalty {
            Penalty::Amount(amount) => return times(contract.sign, amount),
            Penalty::Rate(rate) => rate,
            Penalty::Differential => {
                let code = need(
                    contract.terms.market_object_code_of_rate_reset.as_deref(),
                    "marketObjectCodeOfRateReset",
                    "a penalty of type I compares with it",
                )?;
                let market = observed.at(code, time)?;
                minus(self.rate, market)?.max(Decimal::ZERO)
            }
        };
        let yearly = times(rate, self.notional)?;
        contract.conventions.of_year(yearly, self.time, time)
    }

    fn capitalize(&mut self, contract: &Contract<'_>) -> Result<Decimal, ActusError> {
        self.notional = plus(self.notional, self.accrued)?;
        self.accrued = Decimal::ZERO;
        if contract.base != InterestCalculationBase::Ntl {
            self.base = self.notional;
        }
        Ok(Decimal::ZERO)
    }

    fn pay_fee(&mut self, contract: &Contract<'_>) -> Result<Decimal, ActusError> {
        let due = match contract.fee_basis {
            FeeBasis::Absolute => times(contract.sign, contract.fee_rate)?,
            FeeBasis::Notional => self.fee_accrued,
        };
        self.fee_accrued = Decimal::ZERO;
        Ok(due)
    }

    fn reset(
        &mut self,
        spread: Decimal,
        time: NaiveDateTime,
        contract: &Contract<'_>,
        observed: &Observed,
    ) -> Result<Decimal, ActusError> {
        let terms = contract.terms;
        let code = need(
            terms.market_object_code_of_rate_reset.as_deref(),
            "marketObjectCodeOfRateReset",
            "a rate reset observes it",
        )?;
        let market = observed.at(code, time)?;
        let rate = times(market, terms.rate_multiplier.unwrap_or(Decimal::ONE))?;
        let rate = plus(rate, terms.rate_spread.unwrap_or_default())?;
        self.reset_within(plus(rate, spread)?, contract)
    }

    /// The new rate within the bounds of its change and of itself.
    fn reset_within(
        &mut self,
        rate: Decimal,
        contract: &Contract<'_>,
    ) -> Result<Decimal, ActusError> {
        let terms = contract.terms;
        let within = |value: Decimal, low: Option<Decimal>, high: Option<Decimal>| {
            let value = low.map_or(value, |low| value.max(low));
            high.map_or(value, |high| value.min(high))
        };
        let change = minus(rate, self.rate)?;
        let change = within(change, terms.period_floor, terms.period_cap);
        let rate = plus(self.rate, change)?;
        self.reset_to(within(rate, terms.life_floor, terms.life_cap))
    }

    /// A new rate: of the period ahead, or of the one behind, whose interest it corrects.
    fn reset_to(&mut self, rate: Decimal) -> Result<Decimal, ActusError> {
        if let Some(unfixed) = self.unfixed {
            let correction = times(minus(rate, self.rate)?, unfixed)?;
            self.accrued = plus(self.accrued, correction)?;
            self.unfixed = Some(Decimal::ZERO);
        }
        self.rate = rate;
        Ok(Decimal::ZERO)
    }

    fn scale(
        &mut self,
        time: NaiveDateTime,
        contract: &Contract<'_>,
        observed: &Observed,
    ) -> Result<Decimal, ActusError> {
        let terms = contract.terms;
        let code = need(
            terms.market_object_code_of_scaling_index.as_deref(),
            "marketObjectCodeOfScalingIndex",
            "scaling observes it",
        )?;
        let index = terms
            .scaling_index_at_contract_deal_date
            .or(terms.scaling_index_at_status_date);
        let index = need(
            index,
            "scalingIndexAtContractDealDate",
            "scaling compares with it",
        )?;
        let factor = observed.at(code, time)?.checked_div(index);
        let factor = fits(factor, "the scaling multiplier")?;
        let effect = terms.scaling_effect.unwrap_or(ScalingEffect::None);
        if matches!(effect, ScalingEffect::Interest | ScalingEffect::Both) {
            self.interest_scaling = factor;
        }
        if matches!(effect, ScalingEffect::Notional | ScalingEffect::Both) {
            self.notional_scaling = factor;
        }
        Ok(Decimal::ZERO)
    }

    fn close(&mut self) {
        self.notional = Decimal::ZERO;
        self.accrued = Decimal::ZERO;
        self.fee_accrued = Decimal::ZERO;
        self.base = Decimal::ZERO;
    }
}
