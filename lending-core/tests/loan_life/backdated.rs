//! Every transaction that arrives behind a later payment: by how much the payment was allocated
//! otherwise, booked on the day on which we learned of it, and taken back by a reversal.
//!
//! Contract: [`dynamic`](super::dynamic) with fees before penalties before interest before
//! principal; 1,500.00 are approved and 1,000.00 paid out. Nothing is paid but 300.00 on 1 March. By
//! then 166.67 + 10.19 of January and 166.67 + 9.53 of February are due:
//!
//! | 300.00 of 1 March pay | interest | principal |
//! |---|---|---|
//! | the first instalment | 10.19 | 166.67 |
//! | the second, with what is left: 123.14 | 9.53 | 113.61 |
//! | together | 19.72 | 280.28 |
//!
//! On 5 March we learn of something that counts from 10 February: 9 of February's 29 nights are
//! before it, 20 after. A night of 1,000.00 at 12 % costs 1000 x 12 %/365 = 0.32877.

use std::collections::BTreeMap;

use super::*;
use lending_core::{
    dates::Period,
    loan::{
        Amounts, CreditKind, Element, IndexTerms, InstalmentShare, LockedOperations, MovedInterest,
        Outcome, OverdueInterestMove, Rescheduling, Status, code,
    },
};

const PAYMENT: TransactionId = TransactionId::new(9);
const LATE: TransactionId = TransactionId::new(20);
/// When it counts, and when we learn of it.
const COUNTS: &str = "2024-02-10";
const TOLD: &str = "2024-03-05";

fn contract() -> LoanTerms {
    let mut terms = dynamic();
    (terms.principal, terms.tranches) = (dec!(1500), true);
    terms.index = Some(IndexTerms {
        spread: dec!(2),
        floor: None,
        ceiling: None,
        review_every: Period::Months(1),
    });
    terms
}

fn credit(kind: CreditKind, amount: Decimal) -> TransactionKind {
    let split = None;
    TransactionKind::Credit {
        kind,
        amount,
        split,
    }
}

fn fee(penalty: bool) -> TransactionKind {
    TransactionKind::Charge {
        name: code("visit").unwrap(),
        penalty,
        amount: dec!(20),
        due: day("2024-01-20"),
    }
}

/// One row: what was known in time (and when), what arrives late, the later payment, and by how
/// much that payment pays more of fees, penalties, interest and principal than we knew.
struct Row {
    what: &'static str,
    in_time: Option<(&'static str, TransactionKind)>,
    late: TransactionKind,
    paid: Decimal,
    by: [Decimal; 4],
}

const NOTHING: [Decimal; 4] = [dec!(0); 4];

fn row(what: &'static str, late: TransactionKind, by: [Decimal; 4]) -> Row {
    Row {
        what,
        in_time: None,
        late,
        paid: dec!(300),
        by,
    }
}

/// Interest more, principal less (or the other way round).
fn interest(by: Decimal) -> [Decimal; 4] {
    [dec!(0), dec!(0), by, -by]
}

/// 50.00 pay 10.19 and 39.81 of the first instalment. 960.19 bear interest for 20 nights: (1000 x 9
/// + 960.19 x 20) x 12 %/365 = 9.2725 = 9.27. The 300.00 pay the 126.86 that are left of the first
/// instalment, 9.27 and 163.87: 290.73 of principal instead of 280.28.
fn credits() -> Vec<Row> {
    let kinds = [
        CreditKind::Repayment,
        CreditKind::DownPayment,
        CreditKind::GoodwillCredit,
        CreditKind::MerchantRefund,
        CreditKind::PayoutRefund,
        CreditKind::ChargeAdjustment,
        CreditKind::InterestPaymentWaiver,
        CreditKind::InterestRefund,
        CreditKind::Refinanced,
        CreditKind::Rescheduled,
    ];
    let mut rows: Vec<Row> = kinds
        .into_iter()
        .map(|kind| row("a credit", credit(kind, dec!(50)), interest(dec!(-10.45))))
        .collect();
    // All principal: 950.00 for 20 nights, (9000 + 19000) x 12 %/365 = 9.2055 = 9.21. The 300.00
    // pay 10.19 + 116.67, 9.21 and 163.93: 19.40 of interest.
    rows.push(row(
        "a custom allocation",
        TransactionKind::Credit {
            kind: CreditKind::Repayment,
            amount: dec!(50),
            split: Some(Amounts::of(Element::Principal, dec!(50))),
        },
        interest(dec!(-0.32)),
    ));
    // What a credit of 50.00 on 1 February (960.19 for 29 nights: 9.1547 = 9.15) paid is lent again
    // on the 10th: (960.19 x 9 + 1010.19 x 20) x 12 %/365 = 9.4834 = 9.48.
    rows.push(Row {
        in_time: Some(("2024-02-01", credit(CreditKind::Repayment, dec!(50)))),
        ..row(
            "a chargeback",
            TransactionKind::Chargeback {
                of: TransactionId::new(3),
                amount: dec!(50),
            },
            interest(dec!(0.33)),
        )
    });
    rows
}

fn charges() -> Vec<Row> {
    use TransactionKind as T;
    let (none, twenty) = (dec!(0), dec!(20));
    vec![
        // Fees and penalties of the first instalment go before everything.
        row("a fee", fee(false), [twenty, none, none, -twenty]),
        row("a penalty", fee(true), [none, twenty, none, -twenty]),
        // 5.00 on every instalment from the second on; 1 % of 166.67 is 1.67.
        row(
            "a fee per due date",
            T::InstalmentCharge {
                name: code("service").unwrap(),
                penalty: false,
                amount: InstalmentShare::Flat(dec!(5)),
            },
            [dec!(5), none, none, dec!(-5)],
        ),
        row(
            "a penalty per due date",
            T::InstalmentCharge {
                name: code("service").unwrap(),
                penalty: true,
                amount: InstalmentShare::PercentOfPrincipal(dec!(1)),
            },
            [none, dec!(1.67), none, dec!(-1.67)],
        ),
        Row {
            in_time: Some(("2024-01-10", fee(false))),
            ..row(
                "a waiver of a fee",
                T::Waiver {
                    charge: TransactionId::new(3),
                    instalment: None,
                },
                [-twenty, none, none, twenty],
            )
        },
        row(
            "a waiver of interest",
            T::InterestWaiver { amount: dec!(5) },
            interest(dec!(-5)),
        ),
        // 20.00 of principal: 980.00 for 20 nights, (9000 + 19600) x 12 %/365 = 9.4027 = 9.40.
        row(
            "a partial write-off",
            T::PartialWriteOff {
                amounts: Amounts::of(Element::Principal, twenty),
            },
            interest(dec!(-0.13)),
        ),
    ]
}

fn interest_terms() -> Vec<Row> {
    use TransactionKind as T;
    let aside = |amount| T::RedrawDeposit { amount };
    let locked = T::Lock(LockedOperations::ALL);
    vec![
        // 24 % for 20 nights: 1000 x (12 % x 9 + 24 % x 20)/365 = 16.1096 = 16.11.
        row(
            "a rate change",
            T::RateChange { percent: dec!(24) },
            interest(dec!(6.58)),
        ),
        // 22 % and the spread of 2 %: the same.
        row(
            "an index review",
            T::IndexReview { index: dec!(22) },
            interest(dec!(6.58)),
        ),
        // Ten of 29 nights are free: 19 x 0.32877 = 6.2466 = 6.25.
        row(
            "an interest pause",
            T::InterestPause {
                first: day("2024-02-11"),
                last: day("2024-02-20"),
            },
            interest(dec!(-3.28)),
        ),
        // 2.96 due on the 10th and 9.5342 - 2.96 = 6.57 on 1 March are 9.53 again.
        row("interest by hand", T::InterestApplication, NOTHING),
        // 900.00 for 20 nights: (9000 + 18000) x 12 %/365 = 8.8767 = 8.88.
        row("money put aside", aside(dec!(100)), interest(dec!(-0.65))),
        // Aside from 1 February, 900.00 for 29 nights: 8.5808 = 8.58; taken out on the 10th, 900 x 9
        // + 1000 x 20: 9.2384 = 9.24.
        Row {
            in_time: Some(("2024-02-01", aside(dec!(100)))),
            ..row(
                "money taken out",
                T::RedrawWithdrawal { amount: dec!(100) },
                interest(dec!(0.66)),
            )
        },
        // The nine nights before, 2.9589 = 2.96, are due.
        row("a lock", locked.clone(), interest(dec!(-6.57))),
        // Locked since 1 February nothing of February is due; unlocked on the 10th 2.9589 = 2.96 are
        // at once, and 20 nights, 6.5753 = 6.58, on 1 March.
        Row {
            in_time: Some(("2024-02-01", locked)),
            ..row("an unlock", T::Unlock, interest(dec!(9.54)))
        },
    ]
}

fn lent_more() -> Vec<Row> {
    use TransactionKind as T;
    let amount = dec!(100);
    let capitalised = || T::CapitalisedIncome { amount };
    vec![
        // 1,300.00 for 20 nights: (9000 + 26000) x 12 %/365 = 11.5068 = 11.51.
        row(
            "a tranche",
            T::Disbursement { amount: dec!(300) },
            interest(dec!(1.98)),
        ),
        // 1,100.00 for 20 nights: (9000 + 22000) x 12 %/365 = 10.1918 = 10.19.
        row("capitalised income", capitalised(), interest(dec!(0.66))),
        // 1,100.00 since 1 February: 10.4877 = 10.49, so that 250.00 pay 176.86, 10.49 and 62.65.
        // 100.00 taken back on the 10th pay 10.19 and 89.81 of the first instalment: (1100 x 9 +
        // 1010.19 x 20) x 12 %/365 = 9.8971 = 9.90; the 250.00 pay 76.86, 9.90 and 163.24.
        Row {
            in_time: Some(("2024-02-01", capitalised())),
            paid: dec!(250),
            ..row(
                "capitalised income taken back",
                T::CapitalisedIncomeAdjustment {
                    of: TransactionId::new(3),
                    amount,
                },
                interest(dec!(-10.78)),
            )
        },
        // Somebody else's money changes nothing that the borrower owes.
        row("a buy-down fee", T::BuyDownFee { amount }, NOTHING),
        Row {
            in_time: Some(("2024-02-01", T::BuyDownFee { amount })),
            ..row(
                "a buy-down fee given back",
                T::BuyDownFeeAdjustment {
                    of: TransactionId::new(3),
                    amount,
                },
                NOTHING,
            )
        },
    ]
}

fn restructured() -> Vec<Row> {
    use TransactionKind as T;
    let of_march = || Rescheduling::of(day("2024-03-01"));
    vec![
        // Everything is due on the 10th, with 2.96; no interest arises after it.
        row("a termination", T::Terminate, interest(dec!(-6.57))),
        // 24 % for the whole of February: 1000 x 24 % x 29/365 = 19.0685 = 19.07.
        row(
            "a rescheduling with a new rate",
            T::Reschedule(Rescheduling {
                percent: Some(dec!(24)),
                ..of_march()
            }),
            interest(dec!(9.54)),
        ),
        // February's interest waits for April.
        row(
            "a rescheduling with rest of interest",
            T::Reschedule(Rescheduling {
                interest_grace: 1,
                ..of_march()
            }),
            interest(dec!(-9.53)),
        ),
        // 166.67 are no longer due: 176.86 pay 10.19, 9.53 and 157.14 of the 200.00 of March.
        Row {
            paid: dec!(176.86),
            ..row(
                "a re-amortisation",
                T::ReAmortise {
                    interest: OverdueInterestMove::StaysDue,
                },
                interest(dec!(9.53)),
            )
        },
        // Nothing but 10.19 and the 2.96 of nine nights is due before 10 March: all that 13.15 pay.
        Row {
            paid: dec!(13.15),
            ..row(
                "a re-ageing",
                T::ReAge {
                    every: Period::Months(1),
                    first_due: day("2024-03-10"),
                    instalments: 4,
                    interest: MovedInterest::StaysDue,
                },
                interest(dec!(2.96)),
            )
        },
    ]
}

/// As we knew the loan by the end of 5 March.
fn as_known(row: &Row, in_time: bool) -> Loan {
    let mut loan = paid_out_of(contract());
    if let Some((on, kind)) = &row.in_time {
        record(&mut loan, 3, on, kind.clone()).unwrap();
    }
    if in_time {
        record(&mut loan, LATE.get(), COUNTS, row.late.clone()).unwrap();
    }
    // Its id is smaller, its date later: the date decides.
    pay(&mut loan, PAYMENT.get(), "2024-03-01", row.paid);
    close(&mut loan, TOLD);
    loan
}

/// By how much the payment was allocated otherwise, as the last decision says.
fn by(loan: &Loan) -> [Decimal; 4] {
    let changes = &loan.last.as_ref().unwrap().changes;
    let of_payment = changes.iter().find(|change| change.transaction == PAYMENT);
    let applied = of_payment.map_or(Amounts::ZERO, |change| change.by.applied);
    [
        applied.fee,
        applied.penalty,
        applied.interest,
        applied.principal,
    ]
}

/// Whatever it counts from, it is booked on the day we learn of it.
fn booked_on(loan: &Loan, on: &str) {
    let decision = loan.last.as_ref().unwrap();
    assert_eq!(decision.booking_date, day(on));
    for entry in &decision.entries {
        assert_eq!(entry.booking_date(), day(on));
    }
}

fn books(loan: &Loan) -> BTreeMap<String, Decimal> {
    let all = loan.books.iter().filter(|(_, sum)| !sum.is_zero());
    all.map(|(code, sum)| (code.clone(), sum.normalize()))
        .collect()
}

fn outcomes(loan: &Loan) -> Vec<(TransactionId, Outcome)> {
    let live = loan.history.iter().filter(|t| t.reversed_on.is_none());
    live.map(|t| (t.id, t.outcome.clone())).collect()
}

#[test]
fn what_arrives_late_allocates_later_payments_anew() {
    let rows = [
        credits(),
        charges(),
        interest_terms(),
        lent_more(),
        restructured(),
    ];
    for row in rows.iter().flatten() {
        let what = format!("{}: {}", row.what, row.late.name());
        let mut loan = as_known(row, false);
        let before = loan.clone();
        let new = NewTransaction::new(LATE, day(COUNTS), row.late.clone());
        loan.decide(&Command::Record(new), day(TOLD))
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(by(&loan), row.by, "{what}");
        booked_on(&loan, TOLD);
        loan.controls()
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        // As if we had known in time: state, allocations and, in all, books.
        let in_time = as_known(row, true);
        assert_eq!(
            loan.account.instalments(),
            in_time.account.instalments(),
            "{what}"
        );
        assert_eq!(outcomes(&loan), outcomes(&in_time), "{what}");
        assert_eq!(books(&loan), books(&in_time), "{what}");
        // Taken back a week later, on that day's books.
        let transaction = LATE;
        loan.decide(&Command::Reverse { transaction }, day("2024-03-12"))
            .unwrap_or_else(|error| panic!("{what} undone: {error}"));
        assert_eq!(by(&loan), row.by.map(|part| -part), "{what} undone");
        booked_on(&loan, "2024-03-12");
        assert_eq!(
            loan.account.instalments(),
            before.account.instalments(),
            "{what} undone"
        );
        assert_eq!(outcomes(&loan), outcomes(&before), "{what} undone");
        assert_eq!(books(&loan), books(&before), "{what} undone");
        assert_eq!(loan.account.status(), Status::Active, "{what} undone");
    }
}

/// Recoveries take principal before interest. 1,000.00 and 10.19 were written off on 1 February; of
/// 1,002.00 on 20 February the last 2.00 are interest. 8.00 that came in on the 10th already take 8.00
/// of principal: 10.00 of the later money are interest. More than 8.19 cannot have come.
#[test]
fn a_recovery_known_late_changes_what_later_ones_recover() {
    let mut loan = paid_out(dynamic());
    record(&mut loan, 2, "2024-02-01", TransactionKind::WriteOff).unwrap();
    let recovery = |amount| TransactionKind::Recovery { amount };
    record(&mut loan, PAYMENT.get(), "2024-02-20", recovery(dec!(1002))).unwrap();
    let before = outcomes(&loan);
    let told = |id, amount| {
        Command::Record(NewTransaction::new(
            TransactionId::new(id),
            day(COUNTS),
            recovery(amount),
        ))
    };
    let more = loan.decide(&told(20, dec!(8.20)), day(TOLD)).unwrap_err();
    assert_eq!(more.code(), 3004, "{more}");
    loan.decide(&told(20, dec!(8)), day(TOLD)).unwrap();
    assert_eq!(by(&loan), interest(dec!(8)));
    booked_on(&loan, TOLD);
    // 0.19 of the 10.19 are left.
    assert_eq!(loan.account.written_off().interest, dec!(0.19));
    assert_eq!(loan.book("recovery"), dec!(-1010));
    reverse(&mut loan, 20, "2024-03-12").unwrap();
    assert_eq!(by(&loan), interest(dec!(-8)));
    booked_on(&loan, "2024-03-12");
    assert_eq!(outcomes(&loan), before);
    loan.controls().unwrap();
}

/// Money beyond what is due waits: of 400.00 on 1 February 223.14. On 1 March 166.67 and 833.33 x 12 %
/// x 29/365 = 7.95 fall due; 174.62 of the 223.14 pay them and 48.52 wait, with all of 300.00. Then we
/// learn that 100.00 were paid back on 10 February: of 123.14, 7.95 and 115.19 are paid on 1 March,
/// and 51.48 of the 300.00 pay the rest.
#[test]
fn a_refund_known_late_is_missing_afterwards() {
    let mut terms = contract();
    terms.allocation.future = lending_core::loan::FutureMoney::CreditBalance;
    let mut loan = paid_out_of(terms);
    pay(&mut loan, 3, "2024-02-01", dec!(400));
    pay(&mut loan, PAYMENT.get(), "2024-03-01", dec!(300));
    close(&mut loan, TOLD);
    assert_eq!(loan.account.credit_balance(), dec!(348.52));
    let before = outcomes(&loan);
    let amount = dec!(100);
    let new = NewTransaction::new(LATE, day(COUNTS), TransactionKind::CreditRefund { amount });
    loan.decide(&Command::Record(new), day(TOLD)).unwrap();
    loan.controls().unwrap();
    let changes = |loan: &Loan| -> Vec<_> {
        let all = loan.last.as_ref().unwrap().changes.iter();
        all.map(|change| {
            let by = &change.by;
            (
                change.transaction.get(),
                by.applied.principal,
                by.applied.interest,
                by.credit_balance,
            )
        })
        .collect()
    };
    let moved = dec!(51.48);
    assert_eq!(
        changes(&loan),
        [(3, -moved, dec!(0), moved), (9, moved, dec!(0), -moved)]
    );
    booked_on(&loan, TOLD);
    assert_eq!(loan.account.credit_balance(), dec!(248.52));
    reverse(&mut loan, LATE.get(), "2024-03-12").unwrap();
    booked_on(&loan, "2024-03-12");
    assert_eq!(outcomes(&loan), before);
    assert_eq!(loan.account.credit_balance(), dec!(348.52));
    loan.controls().unwrap();
}

/// Charged off on 10 February with 1,000.00, the 10.19 of January and 2.96 of nine nights earned:
/// what the 300.00 of March paid was recovery. Their parts stay what they were.
#[test]
fn a_charge_off_known_late_turns_payments_into_recovery() {
    let row = row(
        "a charge-off",
        TransactionKind::ChargeOff { reason: None },
        NOTHING,
    );
    let mut loan = as_known(&row, false);
    let before = books(&loan);
    let new = NewTransaction::new(LATE, day(COUNTS), row.late.clone());
    loan.decide(&Command::Record(new), day(TOLD)).unwrap();
    loan.controls().unwrap();
    assert_eq!(by(&loan), NOTHING);
    let changes = &loan.last.as_ref().unwrap().changes;
    let of_payment = changes.iter().find(|change| change.transaction == PAYMENT);
    let off_books = of_payment.unwrap().by.off_books;
    assert_eq!(
        (off_books.principal, off_books.interest),
        (dec!(280.28), dec!(19.72))
    );
    booked_on(&loan, TOLD);
    for (code, sum) in [
        ("portfolio", dec!(0)),
        ("charge-off", dec!(1000)),
        ("recovery", dec!(-300)),
        ("interest-income", dec!(0)),
        ("interest-receivable", dec!(0)),
        ("bank", dec!(-700)),
    ] {
        assert_eq!(loan.book(code), sum, "{code}");
    }
    reverse(&mut loan, LATE.get(), "2024-03-12").unwrap();
    booked_on(&loan, "2024-03-12");
    assert_eq!(books(&loan), before);
}

fn paid_out_of(terms: LoanTerms) -> Loan {
    let mut loan = Loan::approved(terms);
    let on = day("2024-01-01");
    let payout = Command::disburse(TransactionId::new(1), on, dec!(1000));
    loan.decide(&payout, on).unwrap();
    loan
}
