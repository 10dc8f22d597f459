//! Taxes on interest, fees and penalties.
//!
//! Loans and lines of credit share them. The elements of an account carry their tax: what is due,
//! paid and forgiven is gross. A tax that comes on top is added when an amount arises; one that is
//! contained changes no amount. Either way the books split what was earned:
//! `gross × t / (100 + t)` is owed to the state, the rest is income. Receivables are gross. Rates
//! may change during the life of an account: see [`TaxRates`](super::TaxRates).
//!
//! Tax is owed when its income is recognised: with accrual on the day it is earned, on the cash
//! basis when it is paid. A waiver takes it back; goodwill, write-off and charge-off do not, they
//! cost the lender the gross amount. A fee taken at disbursement may have a tax of its own.
//! Source: value-added tax as lenders in Kenya, Uganda and
//! Mexico book it; the two kinds after Mambu's product pages.

use ledger::{Currency, Rounding};
use rust_decimal::Decimal;

use super::{
    Amounts, Element, FeeAmount, FeeTax, FeeTerms, LoanAccount, LoanError, LoanTerms,
    amounts::{add, div, mul, sub},
};
use crate::schedule::{TaxKind, Taxes};

/// The taxes of a contract and how it rounds them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taxed<'a> {
    pub(crate) taxes: &'a Taxes,
    pub(crate) rounding: Rounding,
    pub(crate) currency: Currency,
}

impl Taxed<'_> {
    /// The same contract at other taxes.
    pub(crate) const fn at<'b>(&self, taxes: &'b Taxes) -> Taxed<'b> {
        Taxed {
            taxes,
            rounding: self.rounding,
            currency: self.currency,
        }
    }
}

impl Taxed<'_> {
    /// The tax on an element, in percent.
    pub(crate) fn percent(&self, element: Element) -> Option<Decimal> {
        let percent = match element {
            Element::Principal => None,
            Element::Interest => self.taxes.interest_percent,
            Element::Fee => self.taxes.fee_percent,
            Element::Penalty => self.taxes.penalty_percent,
        };
        percent.filter(|percent| !percent.is_zero())
    }

    /// Whether the tax on an element comes on top of it.
    pub(crate) fn kind(&self, element: Element) -> TaxKind {
        match element {
            Element::Principal | Element::Interest => self.taxes.kind,
            Element::Fee => self.taxes.on_fees(),
            Element::Penalty => self.taxes.on_penalties(),
        }
    }

    /// The rate and the kind of the tax on an element.
    fn on(&self, element: Element) -> Option<FeeTax> {
        let kind = self.kind(element);
        self.percent(element)
            .map(|percent| FeeTax { percent, kind })
    }

    /// The same of a fee of the contract.
    fn on_fee(&self, fee: &FeeTerms) -> Option<FeeTax> {
        match fee.tax {
            Some(own) => Some(own).filter(|own| !own.percent.is_zero()),
            None => self.on(Element::Fee),
        }
    }

    pub(crate) fn rounded(&self, amount: Decimal) -> Decimal {
        let decimals = u32::from(self.currency.minor_units());
        let mut rounded = self.rounding.round(amount, decimals);
        rounded.rescale(decimals);
        rounded
    }

    /// The tax contained in a gross amount, rounded to whole minor units.
    pub(crate) fn tax_in(&self, element: Element, gross: Decimal) -> Result<Decimal, LoanError> {
        self.contained(self.on(element), gross)
    }

    fn contained(&self, tax: Option<FeeTax>, gross: Decimal) -> Result<Decimal, LoanError> {
        match tax {
            Some(FeeTax { percent, .. }) if !gross.is_zero() => {
                let whole = add(Decimal::ONE_HUNDRED, percent)?;
                Ok(self.rounded(div(mul(gross, percent)?, whole)?))
            }
            _ => Ok(Decimal::ZERO),
        }
    }

    /// The part of a gross amount that is tax on top of it.
    pub(crate) fn tax_on_top(
        &self,
        element: Element,
        gross: Decimal,
    ) -> Result<Decimal, LoanError> {
        match self.kind(element) {
            TaxKind::Exclusive => self.tax_in(element, gross),
            TaxKind::Inclusive => Ok(Decimal::ZERO),
        }
    }

    /// An amount of an element with the tax that comes on top of it.
    pub(crate) fn with_tax(&self, element: Element, net: Decimal) -> Result<Decimal, LoanError> {
        self.topped(self.on(element), net)
    }

    fn topped(&self, tax: Option<FeeTax>, net: Decimal) -> Result<Decimal, LoanError> {
        match tax {
            Some(FeeTax {
                percent,
                kind: TaxKind::Exclusive,
            }) => {
                // The rate first: a tax may fit where a hundred times as much does not.
                let tax = mul(net, mul(percent, Decimal::new(1, 2))?)?;
                add(net, self.rounded(tax))
            }
            _ => Ok(net),
        }
    }

    /// What a fee of the contract comes to on a base, with a tax that comes on top.
    pub(crate) fn fee_on(&self, fee: &FeeTerms, base: Decimal) -> Result<Decimal, LoanError> {
        let net = match fee.amount {
            FeeAmount::Flat(amount) => amount,
            FeeAmount::PercentOfPrincipal(percent) => {
                self.rounded(mul(mul(base, percent)?, Decimal::new(1, 2))?)
            }
        };
        self.topped(self.on_fee(fee), net)
    }

    /// What a fee of the contract is worth on a base without the tax contained in it.
    pub(crate) fn fee_income(&self, fee: &FeeTerms, base: Decimal) -> Result<Decimal, LoanError> {
        let gross = self.fee_on(fee, base)?;
        sub(gross, self.contained(self.on_fee(fee), gross)?)
    }

    /// Whether there is any tax.
    pub(crate) fn is_taxed(&self) -> bool {
        let mut elements = Element::ALL.iter();
        elements.any(|element| self.percent(*element).is_some())
    }

    /// Whether any tax comes on top.
    pub(crate) fn on_top(&self) -> bool {
        Element::ALL.iter().any(|element| {
            self.kind(*element) == TaxKind::Exclusive && self.percent(*element).is_some()
        })
    }
}

impl LoanTerms {
    pub(crate) const fn taxed(&self) -> Taxed<'_> {
        Taxed {
            taxes: &self.schedule.taxes,
            rounding: self.schedule.rounding.mode,
            currency: self.currency,
        }
    }

    /// An amount of an element with the tax that comes on top of it, rounded to whole minor units.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn with_tax(&self, element: Element, net: Decimal) -> Result<Decimal, LoanError> {
        self.taxed().with_tax(element, net)
    }

    /// What a fee of the contract comes to on a base, in whole minor units, with a tax that comes
    /// on top, at the taxes of the contract.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn fee_on(&self, fee: &FeeTerms, base: Decimal) -> Result<Decimal, LoanError> {
        self.taxed().fee_on(fee, base)
    }

    /// The tax contained in the fees of a payout, which come to `gross`.
    pub(crate) fn tax_at_payout(
        &self,
        taxed: &Taxed<'_>,
        base: Decimal,
        gross: Decimal,
    ) -> Result<Decimal, LoanError> {
        let (mut others, mut tax) = (gross, Decimal::ZERO);
        for fee in self.fees.iter().filter(|fee| fee.tax.is_some()) {
            let own = taxed.fee_on(fee, base)?;
            others = sub(others, own)?;
            tax = add(tax, taxed.contained(taxed.on_fee(fee), own)?)?;
        }
        add(tax, taxed.tax_in(Element::Fee, others)?)
    }

    /// Whether taxes come on top.
    pub(crate) fn taxed_on_top(&self) -> bool {
        self.taxed().on_top()
    }
}

impl LoanAccount {
    /// [`LoanTerms::with_tax`] at the taxes in force.
    pub(crate) fn with_tax(&self, element: Element, net: Decimal) -> Result<Decimal, LoanError> {
        self.taxed().with_tax(element, net)
    }

    /// The tax contained in gross amounts at the taxes in force, element by element, each rounded
    /// to whole minor units. See [`Self::instalment_tax`] for an instalment that fell due before
    /// they were.
    ///
    /// # Errors
    /// [`LoanError::Overflow`].
    pub fn tax_in(&self, gross: &Amounts) -> Result<Amounts, LoanError> {
        let mut taxes = Amounts::ZERO;
        for element in [Element::Interest, Element::Fee, Element::Penalty] {
            *taxes.get_mut(element) = self.taxed().tax_in(element, gross.get(element))?;
        }
        Ok(taxes)
    }
}
