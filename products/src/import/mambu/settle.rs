//! Settings that contradict others and cannot matter beside them: they are left out, and noted.

use crate::{
    LoanProduct, Range,
    deposit::DepositProduct,
    import::{NoteKind, Reader},
    product::{
        AccrualDetail, AccrualPosting, FuturePayments, GraceKind, InterestApplication,
        InterestKind, InterestMethod, PricingSettings, PrincipalSettings,
    },
    rules::{MATRIX, Rule},
};

/// A rule of the matrix that a document may break, what is left out then, and why.
struct Settlement<P> {
    rule: &'static str,
    field: &'static str,
    change: fn(&mut P),
    outcome: &'static str,
}

const LOAN: &[Settlement<LoanProduct>] = &[
    Settlement {
        rule: "commission-above-rate",
        field: "productSecuritySettings",
        change: |p| {
            if let Some(funds) = &mut p.securities.investors {
                funds.lender_commission = Range::default();
            }
        },
        outcome: "organizationInterestCommission left open: above the rate it is taken from",
    },
    Settlement {
        rule: "free-rate",
        field: "interestRateSettings",
        change: |p| p.interest.rate = Range::default(),
        outcome: "the rate is left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-pricing",
        field: "interestRateSettings",
        change: |p| p.interest.pricing = PricingSettings::Fixed,
        outcome: "the tiers or the index are left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-flat",
        field: "interestCalculationMethod",
        change: |p| p.interest.method = InterestMethod::default(),
        outcome: "left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-kind",
        field: "interestType",
        change: |p| p.interest.kind = InterestKind::default(),
        outcome: "left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-unpaid-interest",
        field: "interestBalanceCalculationMethod",
        change: |p| p.interest.on_unpaid_interest = false,
        outcome: "left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-offset",
        field: "offsetSettings",
        change: |p| p.interest.offset_percent = None,
        outcome: "left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-on-disbursement",
        field: "interestApplicationMethod",
        change: |p| p.interest.application = InterestApplication::default(),
        outcome: "left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-interest-tax",
        field: "taxesOnInterestEnabled",
        change: |p| {
            p.taxes.on_interest = false;
            if !p.taxes.is_taxed() {
                p.taxes.source = None;
            }
        },
        outcome: "left out: the loan is free of interest",
    },
    Settlement {
        rule: "free-interest-grace",
        field: "gracePeriodType",
        change: |p| p.schedule.grace.kind = GraceKind::Pure,
        outcome: "taken as a grace on principal: the loan is free of interest",
    },
    Settlement {
        rule: "on-disbursement-dynamic",
        field: "interestApplicationMethod",
        change: |p| p.interest.application = InterestApplication::default(),
        outcome: "left out: interest that follows the balance is not known at disbursement",
    },
    Settlement {
        rule: "capitalised-on-disbursement",
        field: "interestApplicationMethod",
        change: |p| p.interest.application = InterestApplication::default(),
        outcome: "left out: capitalised interest joins the principal once it is earned",
    },
    Settlement {
        rule: "flat-unpaid-interest",
        field: "interestBalanceCalculationMethod",
        change: |p| p.interest.on_unpaid_interest = false,
        outcome: "left out: flat interest is charged on the original principal",
    },
    Settlement {
        rule: "unpaid-interest-fixed-term",
        field: "interestBalanceCalculationMethod",
        change: |p| p.interest.on_unpaid_interest = false,
        outcome: "left out: a fixed-term loan knows its interest at disbursement",
    },
    Settlement {
        rule: "flat-equalised",
        field: "amortizationMethod",
        change: |p| p.schedule.principal = PrincipalSettings::EqualPrincipal { every: 1 },
        outcome: "left out: flat instalments are equal without it",
    },
    Settlement {
        rule: "tiered-rate",
        field: "interestRateSettings",
        change: |p| p.interest.rate = Range::default(),
        outcome: "the rate is left out: the tiers are the rates",
    },
    Settlement {
        rule: "payment-plan-rate",
        field: "interestRateSettings",
        change: |p| p.interest.rate = Range::default(),
        outcome: "the rate is left out: it follows from the plan",
    },
    Settlement {
        rule: "revolving-instalments",
        field: "defaultNumInstallments",
        change: |p| p.instalments = Range::default(),
        outcome: "left out: a revolving loan has no last instalment",
    },
    Settlement {
        rule: "revolving-principal",
        field: "amortizationMethod",
        change: |p| p.schedule.principal = PrincipalSettings::default(),
        outcome: "left out: the principal due of a revolving loan is set by its billing",
    },
    Settlement {
        rule: "revolving-grace",
        field: "gracePeriodType",
        change: |p| p.schedule.grace = crate::product::GraceSettings::default(),
        outcome: "left out: a revolving loan has no first instalments",
    },
    Settlement {
        rule: "fee-amortisation",
        field: "loanFees",
        change: |p| p.fees.iter_mut().for_each(|fee| fee.amortisation = None),
        outcome: "amortisation is left out: it needs accrual accounting",
    },
    Settlement {
        rule: "accrual-posting",
        field: "interestAccruedAccountingMethod",
        change: |p| p.accrual_posting = AccrualPosting::default(),
        outcome: "left out: it needs accrual accounting",
    },
    Settlement {
        rule: "tax-without-penalty",
        field: "taxesOnPenaltyEnabled",
        change: |p| {
            p.taxes.on_penalties = false;
            if !p.taxes.is_taxed() {
                p.taxes.source = None;
            }
        },
        outcome: "left out: the product has no penalty",
    },
    Settlement {
        rule: "cap-without-charges",
        field: "cappingMethod",
        change: |p| p.cap = None,
        outcome: "left out: there is no charge for late payment",
    },
    Settlement {
        rule: "redraw-fixed-term",
        field: "redrawSettings",
        change: |p| p.payments.redraw = false,
        outcome: "left out: money taken out again needs interest on the balance",
    },
    Settlement {
        rule: "redraw-refused",
        field: "redrawSettings",
        change: |p| p.payments.redraw = false,
        outcome: "left out: payments ahead of time are refused",
    },
    Settlement {
        rule: "offset-fixed-term",
        field: "offsetSettings",
        change: |p| p.interest.offset_percent = None,
        outcome: "left out: a fixed-term loan's interest follows no deposit",
    },
    Settlement {
        rule: "offset-unlinked",
        field: "offsetSettings",
        change: |p| p.interest.offset_percent = None,
        outcome: "left out: accounts are not linked",
    },
    Settlement {
        rule: "prepayment-refused",
        field: "futurePaymentsAcceptance",
        change: |p| p.payments.future = FuturePayments::Accepted,
        outcome: "payments up to what is owed: the loan may not be paid off early",
    },
    Settlement {
        rule: "guarantee-without-kind",
        field: "productSecuritySettings",
        change: |p| p.securities.required_percent = None,
        outcome: "requiredGuaranties left out: neither guarantors nor collateral are allowed",
    },
    Settlement {
        rule: "free-investors",
        field: "productSecuritySettings",
        change: |p| p.securities.investors = None,
        outcome: "investors are left out: there is no interest to share",
    },
];

const DEPOSIT: &[Settlement<DepositProduct>] = &[
    Settlement {
        rule: "maturity-open-ended",
        field: "defaultMaturityPeriod",
        change: |p| p.maturity = None,
        outcome: "left out: an account of this kind has no end",
    },
    Settlement {
        rule: "overdraft-matures",
        field: "allowOverdraft",
        change: |p| p.overdraft = None,
        outcome: "left out: money that is put aside is not overdrawn",
    },
    Settlement {
        rule: "overdraft-investor",
        field: "allowOverdraft",
        change: |p| p.overdraft = None,
        outcome: "left out: only money that is there can fund loans",
    },
    Settlement {
        rule: "offset-matures",
        field: "allowOffset",
        change: |p| p.offsets_loans = false,
        outcome: "left out: only money at hand lowers a loan's interest",
    },
    Settlement {
        rule: "withdrawal-fixed-deposit",
        field: "maxWidthdrawlAmount",
        change: |p| p.maximum_withdrawal = None,
        outcome: "left out: a fixed deposit is paid out whole",
    },
    Settlement {
        rule: "recommended-fixed-deposit",
        field: "recommendedDepositAmount",
        change: |p| p.recommended_deposit = None,
        outcome: "left out: a fixed deposit is paid in once",
    },
    Settlement {
        rule: "after-no-maturity",
        field: "interestRateSettings",
        change: |p| {
            if let Some(interest) = &mut p.interest {
                interest.after_maturity = false;
            }
        },
        outcome: "accrueInterestAfterMaturity left out: the account has no maturity",
    },
    Settlement {
        rule: "tiered-rate",
        field: "interestRateSettings",
        change: |p| {
            if let Some(interest) = &mut p.interest {
                interest.rate = Range::default();
            }
        },
        outcome: "the rate is left out: the tiers are the rates",
    },
    Settlement {
        rule: "overdraft-tiered-rate",
        field: "overdraftInterestRateSettings",
        change: |p| {
            let interest = p.overdraft.as_mut().and_then(|o| o.interest.as_mut());
            if let Some(interest) = interest {
                interest.rate = Range::default();
            }
        },
        outcome: "the rate is left out: the tiers are the rates",
    },
    Settlement {
        rule: "minimum-fixed-deposit",
        field: "interestCalculationBalance",
        change: |p| {
            if let Some(interest) = &mut p.interest {
                interest.balance = crate::deposit::BalanceUsed::EndOfDay;
            }
        },
        outcome: "left out: the balance of a fixed deposit does not change in between",
    },
    Settlement {
        rule: "accrual-posting",
        field: "interestAccruedAccountingMethod",
        change: |p| p.accrual_posting = AccrualPosting::default(),
        outcome: "left out: it needs accrual accounting",
    },
    Settlement {
        rule: "accrual-detail",
        field: "interestAccrualCalculation",
        change: |p| p.accrual_detail = AccrualDetail::default(),
        outcome: "left out: it needs accrual accounting",
    },
    Settlement {
        rule: "fee-amortisation",
        field: "savingsFees",
        change: |p| p.fees.iter_mut().for_each(|fee| fee.amortisation = None),
        outcome: "amortisation is left out: a deposit's fees are earned when charged",
    },
];

pub(super) fn loan(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) {
    settle(reader, product, MATRIX, LOAN);
}

pub(super) fn deposit(reader: &mut Reader<'_, '_>, product: &mut DepositProduct) {
    settle(reader, product, crate::deposit::MATRIX, DEPOSIT);
}

fn settle<P>(
    reader: &mut Reader<'_, '_>,
    product: &mut P,
    matrix: &[&[Rule<P>]],
    settlements: &[Settlement<P>],
) {
    for settlement in settlements {
        let mut rules = matrix.iter().copied().flatten();
        let rule = rules.find(|rule| rule.id == settlement.rule);
        if rule.is_some_and(|rule| (rule.applies)(product)) {
            (settlement.change)(product);
            // A default that the document does not state is no news.
            if reader.has(settlement.field) {
                let kind = NoteKind::Contradiction;
                reader.note(kind, settlement.field, settlement.outcome);
            }
        }
    }
}
