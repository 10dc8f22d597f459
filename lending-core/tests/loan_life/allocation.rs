//! In which order money settles what is owed.
//!
//! On 1 March of [`dynamic`](super::dynamic), nothing paid:
//!
//! | instalment | fee | penalty | interest | principal | |
//! |---|---|---|---|---|---|
//! | 1, past due | 20.00 | | 10.19 | 166.67 | 196.86 |
//! | 2, due | 3.00 | 5.00 | 9.53 | 166.67 | 184.20 |

use super::*;
use lending_core::{
    loan::{
        AllocationOrder, AllocationOverride, Amounts, Bucket, CreditKind, Direction, Element,
        FutureMoney, Timing, code,
    },
    schedule::{Rate, ScheduleTerms},
};

use Element::{Fee, Interest, Penalty, Principal};
use Timing::{Due, InAdvance, PastDue};

fn buckets(order: &[(Timing, [Element; 4])]) -> AllocationOrder {
    let of = |(timing, elements): &(Timing, [Element; 4])| {
        let timing = *timing;
        elements.map(|element| Bucket { timing, element })
    };
    AllocationOrder::Buckets(order.iter().flat_map(of).collect())
}

/// Each element past due, then due; what is in advance comes last.
fn interleaved(elements: [Element; 4]) -> AllocationOrder {
    let owed = elements.iter().flat_map(|element| {
        [PastDue, Due].map(|timing| Bucket {
            timing,
            element: *element,
        })
    });
    let ahead = elements.map(|element| Bucket {
        timing: InAdvance,
        element,
    });
    AllocationOrder::Buckets(owed.chain(ahead).collect())
}

fn on_1_march(terms: LoanTerms) -> Loan {
    let mut loan = paid_out(terms);
    for (id, penalty, amount, due) in [
        (2, false, dec!(20), "2024-01-20"),
        (3, false, dec!(3), "2024-02-20"),
        (4, true, dec!(5), "2024-02-20"),
    ] {
        let (name, due) = (code("visit").unwrap(), day(due));
        let kind = TransactionKind::Charge {
            name,
            penalty,
            amount,
            due,
        };
        record(&mut loan, id, "2024-01-10", kind).unwrap();
    }
    loan
}

/// Fee, penalty, interest and principal paid of one instalment.
fn paid(loan: &Loan, number: usize) -> [Decimal; 4] {
    let paid = loan.account.instalments()[number - 1].paid;
    [paid.fee, paid.penalty, paid.interest, paid.principal]
}

#[test]
fn elements_and_buckets() {
    use Direction::{Horizontal, Vertical};
    let usual = [Fee, Penalty, Interest, Principal];
    let elements = || AllocationOrder::Elements(usual.to_vec());
    let none = [dec!(0); 4];
    let cases = [
        // The first instalment takes all: 20 + 10.19 + 69.81.
        (
            elements(),
            Horizontal,
            dec!(100),
            [dec!(20), dec!(0), dec!(10.19), dec!(69.81)],
            none,
        ),
        // 23 of fees, 5, 19.72 of interest; 52.28 are left for the oldest principal.
        (
            elements(),
            Vertical,
            dec!(100),
            [dec!(20), dec!(0), dec!(10.19), dec!(52.28)],
            [dec!(3), dec!(5), dec!(9.53), dec!(0)],
        ),
        // An order of its own for what is due: 196.86, 5 of penalty, 18.14 of principal.
        (
            buckets(&[
                (PastDue, usual),
                (Due, [Penalty, Principal, Interest, Fee]),
                (InAdvance, usual),
            ]),
            Horizontal,
            dec!(220),
            [dec!(20), dec!(0), dec!(10.19), dec!(166.67)],
            [dec!(0), dec!(5), dec!(0), dec!(18.14)],
        ),
        // What is due before what is past due: 3 + 5 + 9.53 + 82.47.
        (
            buckets(&[(Due, usual), (PastDue, usual), (InAdvance, usual)]),
            Horizontal,
            dec!(100),
            none,
            [dec!(3), dec!(5), dec!(9.53), dec!(82.47)],
        ),
        // Vertically the buckets as they are listed: all that is past due, 196.86, then 3.14 of fees
        // and penalties due.
        (
            buckets(&[(PastDue, usual), (Due, usual), (InAdvance, usual)]),
            Vertical,
            dec!(200),
            [dec!(20), dec!(0), dec!(10.19), dec!(166.67)],
            [dec!(3), dec!(0.14), dec!(0), dec!(0)],
        ),
        // Interest past due and due, then fees past due and due, and so on: 19.72 + 23 + 5 + 52.28.
        (
            interleaved([Interest, Fee, Penalty, Principal]),
            Vertical,
            dec!(100),
            [dec!(20), dec!(0), dec!(10.19), dec!(52.28)],
            [dec!(3), dec!(5), dec!(9.53), dec!(0)],
        ),
        // Horizontally the same list means: past due in that order, then due: 10.19 + 20 + 69.81.
        (
            interleaved([Interest, Fee, Penalty, Principal]),
            Horizontal,
            dec!(100),
            [dec!(20), dec!(0), dec!(10.19), dec!(69.81)],
            none,
        ),
    ];
    for (order, direction, amount, first, second) in cases {
        let mut terms = dynamic();
        (terms.allocation.order, terms.allocation.direction) = (order, direction);
        let what = format!("{:?} {direction:?}", terms.allocation.order);
        let mut loan = on_1_march(terms);
        pay(&mut loan, 9, "2024-03-01", amount);
        assert_eq!((paid(&loan, 1), paid(&loan, 2)), (first, second), "{what}");
        reverse(&mut loan, 9, "2024-03-02").unwrap();
        loan.controls().unwrap();
        assert_eq!((paid(&loan, 1), paid(&loan, 2)), (none, none), "{what}");
    }
}

/// Goodwill pays principal first, twelve buckets of its own; whatever else comes in keeps the order
/// of the contract.
#[test]
fn every_kind_of_credit_may_have_its_own_order() {
    let first = [Principal, Interest, Fee, Penalty];
    let mut terms = dynamic();
    terms.allocation.overrides = vec![AllocationOverride {
        kind: CreditKind::GoodwillCredit,
        order: Some(buckets(&[
            (PastDue, first),
            (Due, first),
            (InAdvance, first),
        ])),
        future: None,
    }];
    for (kind, interest, principal) in [
        (CreditKind::GoodwillCredit, dec!(0), dec!(100)),
        (CreditKind::Repayment, dec!(10.19), dec!(69.81)),
        (CreditKind::MerchantRefund, dec!(10.19), dec!(69.81)),
    ] {
        let mut loan = on_1_march(terms.clone());
        let (amount, split) = (dec!(100), None);
        let credit = TransactionKind::Credit {
            kind,
            amount,
            split,
        };
        record(&mut loan, 9, "2024-03-01", credit).unwrap();
        let fee = amount - interest - principal;
        let expected = Amounts {
            principal,
            interest,
            fee,
            penalty: dec!(0),
        };
        let outcome = &loan.history.last().unwrap().outcome;
        assert_eq!(outcome.applied, expected, "{kind:?}");
    }
}

/// 600.00 in six instalments of 100.00 without interest; 250.00 come on the day of the payout.
#[test]
fn money_ahead_of_time() {
    let waits = FutureMoney::CreditBalance;
    let cases = [
        (
            FutureMoney::NextInstalment,
            ["100", "100", "50", "0", "0", "0"],
        ),
        (
            FutureMoney::LastInstalment,
            ["0", "0", "0", "50", "100", "100"],
        ),
        (
            FutureMoney::NextThenLast,
            ["100", "0", "0", "0", "50", "100"],
        ),
        // 250 / 6 = 41.6667: five times 41.67, and 41.65.
        (
            FutureMoney::Spread,
            ["41.67", "41.67", "41.67", "41.67", "41.67", "41.65"],
        ),
        (waits, ["0"; 6]),
    ];
    for (future, expected) in cases {
        for basis in [
            InterestBasis::OnSchedule,
            InterestBasis::OnBalance(BalanceInterest::default()),
        ] {
            let mut terms = common::terms();
            terms.principal = dec!(600);
            let (free, months) = (
                Rate::per_year(dec!(0)),
                lending_core::dates::Period::Months(1),
            );
            terms.schedule = ScheduleTerms::new(6, months, free);
            terms.schedule.amortization = Amortization::equal_principal();
            terms.interest_basis = basis;
            terms.allocation.future = future;
            let mut loan = paid_out(terms);
            pay(&mut loan, 9, "2024-01-01", dec!(250));
            let rows = loan.account.instalments().iter();
            let got: Vec<Decimal> = rows.map(|row| row.paid.principal).collect();
            let expected: Vec<Decimal> =
                expected.iter().map(|text| text.parse().unwrap()).collect();
            assert_eq!(got, expected, "{future:?}");
            let credit = if future == waits { dec!(250) } else { dec!(0) };
            assert_eq!(loan.account.credit_balance(), credit, "{future:?}");
            // Two that are due: 100 of the one, the rest of the other from what waits.
            close(&mut loan, "2024-03-01");
            let late = loan.account.arrears().overdue.principal;
            let open: Decimal = expected.iter().take(2).map(|paid| dec!(100) - paid).sum();
            let left = if future == waits { dec!(0) } else { open };
            assert_eq!(late, left, "{future:?}");
        }
    }
}
