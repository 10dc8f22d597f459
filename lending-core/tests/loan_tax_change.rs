//! Tax rates that change during the life of a loan: what was applied before keeps its tax.
//!
//! Contract: 1,200 in six parts of 200, 12 % a year on actual days over 365, 16 % tax on interest and
//! fees. Interest by the schedule: 12.23, 9.53, 8.15, 5.92, 4.08, 1.97. With 16 % on top: 14.19
//! (tax 1.96), 11.05 (1.52), 9.45 (1.30), 6.87 (0.95), 4.73 (0.65), 2.29 (0.32).
//! With 14 % from 16 February: 10.86 (1.33), 9.29 (1.14), 6.75 (0.83), 4.65 (0.57), 2.25 (0.28).

mod common;

use common::{Loan, day, rules, terms};
use ledger::posting_rules::AccountingMethod;
use lending_core::{
    loan::{
        Amounts, BalanceInterest, Command, Element, FeeAmount, FeeTerms, FeeTrigger, InterestBasis,
        LoanError, LoanTerms, NewTransaction, OverdueInterest, Question, TaxRates, TransactionId,
        TransactionKind, code,
    },
    schedule::{Amortization, TaxKind, Taxes},
};
use rust_decimal::{Decimal, dec};

fn contract(kind: TaxKind) -> LoanTerms {
    let mut terms = terms();
    terms.principal = dec!(1200);
    terms.schedule.amortization = Amortization::equal_principal();
    terms.schedule.taxes = Taxes {
        interest_percent: Some(dec!(16)),
        fee_percent: Some(dec!(16)),
        kind,
        ..Taxes::default()
    };
    terms
}

fn on_top() -> LoanTerms {
    contract(TaxKind::Exclusive)
}

fn cash() -> LoanTerms {
    LoanTerms {
        accounting: rules(AccountingMethod::Cash),
        ..on_top()
    }
}

fn disbursed(terms: LoanTerms) -> Loan {
    let mut loan = Loan::approved(terms);
    let on = day("2024-01-01");
    loan.decide(
        &Command::disburse(TransactionId::new(5), on, dec!(1200)),
        on,
    )
    .unwrap();
    loan
}

fn backdate(
    loan: &mut Loan,
    id: u128,
    (value, booked): (&str, &str),
    kind: TransactionKind,
) -> Result<(), LoanError> {
    let new = NewTransaction::new(TransactionId::new(id), day(value), kind);
    loan.decide(&Command::Record(new), day(booked))
}

fn record(loan: &mut Loan, id: u128, on: &str, kind: TransactionKind) {
    backdate(loan, id, (on, on), kind).unwrap();
}

fn pay(loan: &mut Loan, id: u128, on: &str, amount: Decimal) {
    let command = Command::repay(TransactionId::new(id), day(on), amount);
    loan.decide(&command, day(on)).unwrap();
}

fn close(loan: &mut Loan, on: &str) {
    let date = day(on);
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    loan.controls().unwrap();
}

fn reverse(loan: &mut Loan, id: u128, on: &str) {
    let transaction = TransactionId::new(id);
    loan.decide(&Command::Reverse { transaction }, day(on))
        .unwrap();
    loan.controls().unwrap();
}

/// Interest and fees at a rate, penalties untaxed.
fn at(percent: Decimal) -> TransactionKind {
    TransactionKind::TaxRateChange(TaxRates {
        interest: Some(percent),
        fee: Some(percent),
        penalty: None,
    })
}

fn interest(loan: &Loan) -> Vec<Decimal> {
    let rows = loan.account.instalments().iter();
    rows.map(|row| row.due.interest).collect()
}

const SIXTEEN: [Decimal; 6] = [
    dec!(14.19),
    dec!(11.05),
    dec!(9.45),
    dec!(6.87),
    dec!(4.73),
    dec!(2.29),
];
const FOURTEEN: [Decimal; 6] = [
    dec!(14.19),
    dec!(10.86),
    dec!(9.29),
    dec!(6.75),
    dec!(4.65),
    dec!(2.25),
];

/// On 15 February 14 of 29 days of the second instalment have arisen: 11.05 x 14/29 = 5.33, with
/// the first 19.52, of which 19.52 x 16/116 = 2.69 is tax. A day later, at the new rate,
/// 10.86 x 15/29 = 5.62 have: tax 1.96 and 5.62 x 14/114 = 0.69.
#[test]
fn what_falls_due_later_bears_the_new_rate() {
    let mut loan = disbursed(on_top());
    close(&mut loan, "2024-02-15");
    assert_eq!(interest(&loan), SIXTEEN);
    assert_eq!(loan.book("taxes"), dec!(-2.69));
    assert_eq!(loan.book("interest-income"), dec!(-16.83));
    record(&mut loan, 10, "2024-02-16", at(dec!(14)));
    loan.controls().unwrap();
    assert_eq!(interest(&loan), FOURTEEN);
    assert_eq!(loan.account.taxes().interest_percent, Some(dec!(14)));
    assert_eq!(loan.account.taxes_changed_on(), Some(day("2024-02-16")));
    assert_eq!(loan.book("taxes"), dec!(-2.65));
    assert_eq!(loan.book("interest-income"), dec!(-17.16));
    for (number, tax) in [(1, dec!(1.96)), (2, dec!(1.33)), (3, dec!(1.14))] {
        let taxes = loan.account.instalment_tax(number).unwrap();
        assert_eq!(taxes.interest, tax, "instalment {number}");
    }
    close(&mut loan, "2024-03-01");
    // 14.19 and 10.86.
    assert_eq!(loan.book("interest-receivable"), dec!(25.05));
    assert_eq!(loan.book("taxes"), dec!(-3.29));
}

#[test]
fn the_derivation_names_the_rate() {
    let mut loan = disbursed(on_top());
    record(&mut loan, 10, "2024-02-16", at(dec!(14)));
    for (number, told) in [
        (
            1,
            "tax of instalment 1: 1.96 in 14.19 of interest at 16 %, in sum 1.96",
        ),
        (
            2,
            "tax of instalment 2: 1.33 in 10.86 of interest at 14 %, in sum 1.33",
        ),
    ] {
        let question = Question::InstalmentTax(number);
        let explained = loan.account.explain(question, &loan.history).unwrap();
        assert_eq!(explained.to_string(), told);
    }
    let none = Question::InstalmentTax(7);
    assert!(loan.account.explain(none, &loan.history).is_err());
}

/// The account and the books are as if there had been no change.
#[test]
fn a_change_is_undone() {
    for terms in [on_top(), contract(TaxKind::Inclusive), cash()] {
        let mut known = disbursed(terms.clone());
        let mut loan = disbursed(terms);
        record(&mut loan, 10, "2024-02-16", at(dec!(14)));
        for loan in [&mut known, &mut loan] {
            pay(loan, 11, "2024-03-01", dec!(425.24));
            close(loan, "2024-03-20");
        }
        reverse(&mut loan, 10, "2024-03-20");
        assert_eq!(loan.account.instalments(), known.account.instalments());
        assert_eq!(loan.account.taxes_changed_on(), None);
        let open = |loan: &Loan| {
            let mut books = loan.books.clone();
            books.retain(|_, sum| !sum.is_zero());
            books
        };
        assert_eq!(open(&loan), open(&known));
    }
}

/// 425.24 paid the first two instalments with 14.19 and 11.05; of the second 10.86 were due, so
/// 0.19 of the third is paid too. By 20 March 19 of 31 days of that have arisen: 9.29 x 19/31 =
/// 5.69. Tax: 1.96, and (10.86 + 5.69) x 14/114 = 2.03.
#[test]
fn a_change_known_late_replays_what_came_after() {
    let mut in_time = disbursed(on_top());
    record(&mut in_time, 10, "2024-02-16", at(dec!(14)));
    let mut late = disbursed(on_top());
    for loan in [&mut in_time, &mut late] {
        pay(loan, 11, "2024-03-01", dec!(425.24));
        close(loan, "2024-03-20");
    }
    backdate(&mut late, 10, ("2024-02-16", "2024-03-20"), at(dec!(14))).unwrap();
    late.controls().unwrap();
    let third = late.account.instalments()[2];
    assert_eq!(
        (third.due.interest, third.paid.interest),
        (dec!(9.29), dec!(0.19))
    );
    assert_eq!(late.book("taxes"), dec!(-3.99));
    assert_eq!(late.account.instalments(), in_time.account.instalments());
    for account in ["taxes", "interest-income", "interest-receivable", "bank"] {
        assert_eq!(late.book(account), in_time.book(account), "{account}");
    }
}

/// Contained, the tax changes no amount: 12.23 x 16/116 = 1.69, then 9.53 x 14/114 = 1.17.
#[test]
fn a_contained_tax_changes_only_the_books() {
    let mut loan = disbursed(contract(TaxKind::Inclusive));
    let before = interest(&loan);
    record(&mut loan, 10, "2024-02-16", at(dec!(14)));
    assert_eq!(interest(&loan), before);
    close(&mut loan, "2024-03-01");
    assert_eq!(loan.book("interest-receivable"), dec!(21.76));
    assert_eq!(loan.book("taxes"), dec!(-2.86));
}

/// On the cash basis tax is owed when it is paid: with the first instalment, paid after the change,
/// the 1.96 it was due with; with the second 1.33. A payment known before the change tells both.
#[test]
fn paid_late_an_instalment_is_split_by_its_own_tax() {
    let mut loan = disbursed(cash());
    record(&mut loan, 10, "2024-02-16", at(dec!(14)));
    pay(&mut loan, 11, "2024-02-20", dec!(100));
    // Half of 14.19 and the rest: interest first, so all of the 14.19.
    assert_eq!(loan.book("taxes"), dec!(-1.96));
    let paid = loan.history.last().unwrap();
    let tax = paid.outcome.tax.as_deref().copied();
    assert_eq!(tax, Some(Amounts::of(Element::Interest, dec!(1.96))));
    pay(&mut loan, 12, "2024-03-01", dec!(325.05));
    assert_eq!(loan.book("taxes"), dec!(-3.29));
    assert_eq!(loan.book("interest-income"), dec!(-21.76));
    // Known late: until then 11.05 of the second payment were interest, 1.52 of them tax.
    let mut late = disbursed(cash());
    pay(&mut late, 11, "2024-02-20", dec!(214.19));
    pay(&mut late, 12, "2024-03-01", dec!(210.86));
    assert_eq!(late.book("taxes"), dec!(-3.48));
    backdate(&mut late, 10, ("2024-02-16", "2024-03-02"), at(dec!(14))).unwrap();
    assert_eq!(late.book("taxes"), dec!(-3.29));
}

/// A waiver of the first instalment's interest after the change takes back the 1.96 it had.
#[test]
fn waived_interest_takes_its_own_tax_back() {
    let mut loan = disbursed(on_top());
    record(&mut loan, 10, "2024-02-16", at(dec!(14)));
    let before = loan.book("taxes");
    let kind = TransactionKind::InterestWaiver {
        amount: dec!(14.19),
    };
    record(&mut loan, 11, "2024-02-16", kind);
    assert_eq!(loan.book("taxes") - before, dec!(1.96));
    loan.controls().unwrap();
}

/// A contract fee of 10 with each instalment: 11.60, then 11.40. Of two visits of 20 due on 10
/// March the one charged before the change costs 23.20, the other 22.80.
#[test]
fn fees_charged_before_keep_their_tax() {
    let mut terms = on_top();
    terms.fees.push(FeeTerms {
        name: code("service").unwrap(),
        trigger: FeeTrigger::EveryInstalment,
        amount: FeeAmount::Flat(dec!(10)),
        amortisation: None,
        tax: None,
    });
    let visit = || TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty: false,
        amount: dec!(20),
        due: day("2024-03-10"),
    };
    let mut loan = disbursed(terms);
    record(&mut loan, 9, "2024-02-10", visit());
    record(&mut loan, 10, "2024-02-16", at(dec!(14)));
    record(&mut loan, 11, "2024-02-20", visit());
    let fees: Vec<_> = loan
        .account
        .instalments()
        .iter()
        .map(|row| row.due.fee)
        .collect();
    assert_eq!(fees[..3], [dec!(11.60), dec!(11.40), dec!(57.40)]);
    // 3.20 in 23.20; 57.40 - 23.20 = 34.20, of which 4.20.
    assert_eq!(loan.account.instalment_tax(3).unwrap().fee, dec!(7.40));
    close(&mut loan, "2024-04-01");
    // 11.60 + 11.40 + 57.40; tax 1.60 + 1.40 + 7.40 on fees, 1.96 + 1.33 + 1.14 on interest.
    assert_eq!(loan.book("fee-receivable"), dec!(80.40));
    assert_eq!(loan.book("taxes"), dec!(-14.83));
}

/// Interest on the balance: February on 1,200, nothing repaid, 29 days: 11.44, with 14 % 13.04.
/// March, untaxed from the 16th: 1200 x 12 % x 31/365 = 12.23.
#[test]
fn interest_on_the_balance_is_forecast_at_the_new_rate() {
    let mut terms = on_top();
    terms.interest_basis = InterestBasis::OnBalance(BalanceInterest {
        overdue: OverdueInterest::ByPeriodEnd,
        ..BalanceInterest::default()
    });
    let mut loan = disbursed(terms);
    record(&mut loan, 10, "2024-02-16", at(dec!(14)));
    close(&mut loan, "2024-03-01");
    assert_eq!(interest(&loan)[..2], [dec!(14.19), dec!(13.04)]);
    // 1.96 and 13.04 x 14/114 = 1.60.
    assert_eq!(loan.book("taxes"), dec!(-3.56));
    let none = TransactionKind::TaxRateChange(TaxRates::default());
    record(&mut loan, 12, "2024-03-16", none);
    close(&mut loan, "2024-04-01");
    assert_eq!(interest(&loan)[2], dec!(12.23));
    assert_eq!(loan.book("taxes"), dec!(-3.56));
}

/// Changed before the payout, everything is made at the new rate: 12.23 and 1.71.
#[test]
fn a_change_before_the_payout_counts() {
    let mut loan = Loan::approved(on_top());
    let on = day("2024-01-01");
    backdate(&mut loan, 1, ("2024-01-01", "2024-01-01"), at(dec!(14))).unwrap();
    loan.decide(
        &Command::disburse(TransactionId::new(5), on, dec!(1200)),
        on,
    )
    .unwrap();
    assert_eq!(interest(&loan)[..2], [dec!(13.94), dec!(10.86)]);
    reverse(&mut loan, 1, "2024-01-02");
    assert_eq!(interest(&loan), SIXTEEN);
}

#[test]
fn rates_are_rates() {
    let mut loan = disbursed(on_top());
    for percent in [dec!(-1), dec!(100.01)] {
        let refused = backdate(&mut loan, 10, ("2024-02-16", "2024-02-16"), at(percent));
        assert_eq!(refused.unwrap_err().code(), 3012);
    }
    let early = backdate(&mut loan, 10, ("2023-12-31", "2024-02-16"), at(dec!(14)));
    assert_eq!(early.unwrap_err().code(), 3005);
}
