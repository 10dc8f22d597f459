//! Every transaction and its undo: recorded, then reversed, the account and the books are as they
//! were. Contract: [`dynamic`](super::dynamic) in tranches of 1,500 at most; 1,000 were paid out on
//! 1 January, a fee of 20 charged on the 10th, 100 paid on 1 February, when 196.86 were due.

use std::collections::BTreeMap;

use super::*;
use lending_core::{
    dates::Period,
    ids::ActorId,
    loan::{
        Amounts, CreditKind, DelinquencyRange, Element, FutureMoney, IndexTerms, InstalmentShare,
        LockedOperations, MovedInterest, OverdueInterestMove, Rescheduling, Status, TaxRates, code,
    },
};

fn contract() -> LoanTerms {
    let mut terms = dynamic();
    terms.principal = dec!(1500);
    terms.tranches = true;
    terms.allocation.future = FutureMoney::CreditBalance;
    terms.index = Some(IndexTerms {
        spread: dec!(2),
        floor: None,
        ceiling: None,
        review_every: Period::Months(1),
    });
    terms.arrears.delinquency = vec![DelinquencyRange {
        name: code("late").unwrap(),
        first_day: 1,
        last_day: None,
    }];
    terms
}

const FEE: TransactionId = TransactionId::new(2);
const PAYMENT: TransactionId = TransactionId::new(3);
/// The day on which everything is tried.
const TODAY: &str = "2024-03-10";

fn fee() -> TransactionKind {
    TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty: false,
        amount: dec!(20),
        due: day("2024-01-20"),
    }
}

fn credit(kind: CreditKind, amount: Decimal) -> TransactionKind {
    let split = None;
    TransactionKind::Credit {
        kind,
        amount,
        split,
    }
}

fn in_march() -> Loan {
    let mut loan = Loan::approved(contract());
    let on = day("2024-01-01");
    loan.decide(
        &Command::disburse(TransactionId::new(1), on, dec!(1000)),
        on,
    )
    .unwrap();
    record(&mut loan, FEE.get(), "2024-01-10", fee()).unwrap();
    pay(&mut loan, PAYMENT.get(), "2024-02-01", dec!(100));
    close(&mut loan, TODAY);
    loan
}

/// Everything a reversal must restore.
fn standing(loan: &Loan) -> impl PartialEq + std::fmt::Debug + use<> {
    let account = &loan.account;
    let outcomes: Vec<_> = loan
        .history
        .iter()
        .filter(|t| t.reversed_on.is_none())
        .map(|t| (t.id, t.outcome.clone()))
        .collect();
    let books: BTreeMap<String, Decimal> = loan
        .books
        .iter()
        .filter(|(_, sum)| !sum.is_zero())
        .map(|(name, sum)| (name.clone(), sum.normalize()))
        .collect();
    (
        (account.status(), account.lock(), account.arrears().clone()),
        (account.branch(), account.officer()),
        (account.principal_balance(), account.credit_balance()),
        account.instalments().to_vec(),
        account.delinquency_history(),
        (account.charged_off_on(), *account.written_off()),
        outcomes,
        books,
    )
}

/// What must have happened first, and the transaction.
fn transactions() -> Vec<(Vec<TransactionKind>, TransactionKind)> {
    use TransactionKind as T;
    let alone = |kind| (Vec::new(), kind);
    let after = |first, kind| (vec![first], kind);
    let (first, last) = (day("2024-03-12"), day("2024-04-12"));
    // The id of the transaction that came first.
    let of = TransactionId::new(10);
    let name = code("service").unwrap();
    let mut all: Vec<_> = [
        CreditKind::Repayment,
        CreditKind::DownPayment,
        CreditKind::GoodwillCredit,
        CreditKind::MerchantRefund,
        CreditKind::PayoutRefund,
        CreditKind::ChargeAdjustment,
        CreditKind::Refinanced,
        CreditKind::Rescheduled,
        CreditKind::InterestPaymentWaiver,
        CreditKind::InterestRefund,
    ]
    .into_iter()
    .map(|kind| alone(credit(kind, dec!(250))))
    .collect();
    let amount = dec!(50);
    all.extend([
        alone(T::Disbursement { amount: dec!(300) }),
        alone(T::Credit {
            kind: CreditKind::Repayment,
            amount: dec!(30),
            split: Some(Amounts::of(Element::Principal, dec!(30))),
        }),
        alone(fee()),
        alone(T::Charge {
            name,
            penalty: true,
            amount,
            due: last,
        }),
        alone(T::InstalmentCharge {
            name,
            penalty: false,
            amount: InstalmentShare::PercentOfPrincipal(dec!(1)),
        }),
        alone(T::Waiver {
            charge: FEE,
            instalment: None,
        }),
        alone(T::InterestWaiver { amount: dec!(5) }),
        alone(T::Chargeback {
            of: PAYMENT,
            amount,
        }),
        after(
            credit(CreditKind::Repayment, dec!(1200)),
            T::CreditRefund { amount },
        ),
        alone(T::RateChange { percent: dec!(9) }),
        alone(T::IndexReview { index: dec!(6) }),
        alone(T::InterestPause { first, last }),
        alone(T::DelinquencyPause { first, last }),
        after(
            T::DelinquencyPause {
                first: day(TODAY),
                last,
            },
            T::DelinquencyResume,
        ),
        alone(T::WriteOff),
        alone(T::PartialWriteOff {
            amounts: Amounts::of(Element::Principal, amount),
        }),
        after(T::WriteOff, T::Recovery { amount }),
        alone(T::ChargeOff { reason: None }),
        alone(T::InterestApplication),
        alone(T::RedrawDeposit { amount }),
        after(T::RedrawDeposit { amount }, T::RedrawWithdrawal { amount }),
        alone(T::Lock(LockedOperations::ALL)),
        after(T::Lock(LockedOperations::ALL), T::Unlock),
        alone(T::TaxRateChange(TaxRates {
            interest: Some(dec!(16)),
            ..TaxRates::default()
        })),
        alone(T::Transfer {
            branch: Some("MOMBASA".parse().unwrap()),
            officer: Some(ActorId::new(4)),
        }),
        alone(T::Terminate),
        alone(T::Reschedule(Rescheduling {
            new_due: Some(day("2024-04-10")),
            interest_grace: 1,
            ..Rescheduling::of(day("2024-04-01"))
        })),
        alone(T::CapitalisedIncome { amount }),
        after(
            T::CapitalisedIncome { amount },
            T::CapitalisedIncomeAdjustment {
                of,
                amount: dec!(20),
            },
        ),
        alone(T::BuyDownFee { amount }),
        after(
            T::BuyDownFee { amount },
            T::BuyDownFeeAdjustment {
                of,
                amount: dec!(20),
            },
        ),
    ]);
    for interest in [
        OverdueInterestMove::StaysDue,
        OverdueInterestMove::NextInstalment,
        OverdueInterestMove::Spread,
        OverdueInterestMove::Waived,
    ] {
        all.push(alone(T::ReAmortise { interest }));
    }
    for interest in [
        MovedInterest::StaysDue,
        MovedInterest::SpreadArisen,
        MovedInterest::SpreadScheduled,
    ] {
        all.push(alone(T::ReAge {
            every: Period::Months(1),
            first_due: last,
            instalments: 4,
            interest,
        }));
    }
    all
}

#[test]
fn every_transaction_is_undone_by_its_reversal() {
    for (first, kind) in transactions() {
        let mut loan = in_march();
        for (id, kind) in (10..).zip(first) {
            record(&mut loan, id, TODAY, kind).unwrap();
        }
        let before = standing(&loan);
        let name = kind.name();
        record(&mut loan, 20, TODAY, kind).unwrap_or_else(|error| panic!("{name}: {error}"));
        loan.controls()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(standing(&loan) != before, "{name} does nothing");
        reverse(&mut loan, 20, TODAY).unwrap_or_else(|error| panic!("{name} undone: {error}"));
        loan.controls()
            .unwrap_or_else(|error| panic!("{name} undone: {error}"));
        assert_eq!(standing(&loan), before, "{name} undone");
    }
}

/// Known late, a transaction does what it does in time; undone, what it did to those after it goes
/// with it.
#[test]
fn a_backdated_transaction_is_undone_too() {
    for (first, kind) in transactions() {
        // Those that close the loan leave nothing for the payment that comes after them.
        if !first.is_empty() || matches!(kind, TransactionKind::WriteOff) {
            continue;
        }
        let mut loan = in_march();
        let later = day("2024-03-20");
        pay(&mut loan, 9, "2024-03-20", dec!(60));
        let before = standing(&loan);
        let name = kind.name();
        let new = NewTransaction::new(TransactionId::new(20), day(TODAY), kind);
        loan.decide(&Command::Record(new), later)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        loan.controls()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let transaction = TransactionId::new(20);
        loan.decide(&Command::Reverse { transaction }, later)
            .unwrap_or_else(|error| panic!("{name} undone: {error}"));
        assert_eq!(standing(&loan), before, "{name} undone");
    }
}

/// The statuses that facts lead to, and the way back.
#[test]
fn every_status_of_a_running_loan_has_its_way_back() {
    let cases = [
        (TransactionKind::WriteOff, Status::WrittenOff),
        (credit(CreditKind::Repayment, dec!(2000)), Status::Repaid),
        (
            credit(CreditKind::Refinanced, dec!(2000)),
            Status::Refinanced,
        ),
        (
            credit(CreditKind::Rescheduled, dec!(2000)),
            Status::Rescheduled,
        ),
    ];
    for (kind, status) in cases {
        let mut loan = in_march();
        let mut terms = contract();
        terms.allocation.future = FutureMoney::NextInstalment;
        if !matches!(kind, TransactionKind::WriteOff) {
            loan = paid_out(terms);
        }
        record(&mut loan, 20, TODAY, kind).unwrap();
        assert_eq!(loan.account.status(), status);
        reverse(&mut loan, 20, TODAY).unwrap();
        assert_eq!(loan.account.status(), Status::Active, "{status}");
    }
    // The payout itself: approved again.
    let mut loan = paid_out(contract());
    reverse(&mut loan, 1, TODAY).unwrap();
    assert_eq!(loan.account.status(), Status::Approved);
}
