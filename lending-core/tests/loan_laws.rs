//! Laws that hold for every loan, whatever happens to it and in whatever order we learn of it.

mod common;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use common::{Loan, day, rules, terms};
use law_runs::runs;
use ledger::posting_rules::AccountingMethod;
use lending_core::{
    dates::Period,
    loan::{
        AllocationOrder, AllocationTerms, Arrears, BalanceInterest, Bucket, ChargedBack, Command,
        Compounding, CompoundingOf, CreditKind, Direction, Element, FutureMoney, Instalment,
        InstalmentShare, InterestBasis, LoanTerms, MovedInterest, NewTransaction, Outcome,
        OverdueInterest, OverdueInterestMove, PenaltyBase, PenaltyTerms, Recalculation, Rest,
        TaxRates, Timing, Transaction, TransactionId, TransactionKind, code,
    },
    schedule::{Amortization, AnnuityFormula, InterestMethod, TaxKind, Taxes},
};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

/// Something that happens: days after disbursement, and what.
#[derive(Clone, Debug)]
struct Happening {
    after: u64,
    kind: TransactionKind,
    reversed: bool,
}

fn cents(range: std::ops::Range<i64>) -> impl Strategy<Value = Decimal> {
    range.prop_map(|cents| Decimal::new(cents, 2))
}

const MOVES: &[OverdueInterestMove] = &[
    OverdueInterestMove::StaysDue,
    OverdueInterestMove::NextInstalment,
    OverdueInterestMove::Spread,
    OverdueInterestMove::Waived,
];

fn happening() -> impl Strategy<Value = Happening> {
    let start = day("2024-01-01");
    let credit = |kind| {
        cents(1..60_000).prop_map(move |amount| TransactionKind::Credit {
            kind,
            amount,
            split: None,
        })
    };
    let kind = prop_oneof![
        6 => credit(CreditKind::Repayment),
        1 => credit(CreditKind::GoodwillCredit),
        2 => (cents(1..5_000), any::<bool>()).prop_map(|(amount, penalty)| {
            // The due date is set below, once the day of the charge is known.
            TransactionKind::Charge { name: code("visit").unwrap(), penalty, amount, due: day("2024-01-01") }
        }),
        // Of which payment is settled below; before it or after.
        1 => (cents(1..20_000), 100_u128..109).prop_map(|(amount, of)| {
            TransactionKind::Chargeback { of: TransactionId::new(of), amount }
        }),
        1 => any::<bool>().prop_map(|penalty| TransactionKind::InstalmentCharge {
            name: code("service").unwrap(),
            penalty,
            amount: InstalmentShare::PercentOfPrincipalAndInterest(dec!(1.5)),
        }),
        1 => Just(TransactionKind::ChargeOff { reason: None }),
        1 => prop::sample::select(MOVES).prop_map(|interest| TransactionKind::ReAmortise { interest }),
        1 => cents(1..20_000).prop_map(|amount| TransactionKind::CapitalisedIncome { amount }),
        1 => cents(1..20_000).prop_map(|amount| TransactionKind::BuyDownFee { amount }),
        1 => Just(TransactionKind::Terminate),
        1 => (0_i64..25, 0_i64..25).prop_map(|(interest, others)| {
            let percent = |percent| Some(Decimal::from(percent));
            TransactionKind::TaxRateChange(TaxRates {
                interest: percent(interest),
                fee: percent(others),
                penalty: percent(others),
            })
        }),
        1 => (3_u16..9).prop_map(|instalments| TransactionKind::ReAge {
            every: Period::Months(1),
            // Set below, once the day is known.
            first_due: day("2024-01-01"),
            instalments,
            interest: MovedInterest::default(),
        }),
    ];
    (0_u64..260, kind, 0_u64..40, prop::bool::weighted(0.15)).prop_map(
        move |(after, mut kind, later, reversed)| {
            if let TransactionKind::Charge { due, .. } = &mut kind {
                *due = start.checked_add_days(Days::new(after + later)).unwrap();
            }
            // Nothing can be re-amortised after maturity or termination.
            let after = match &mut kind {
                TransactionKind::ReAmortise { .. } => after % 60,
                TransactionKind::Terminate => 60 + after % 200,
                TransactionKind::ReAge { first_due, .. } => {
                    *first_due = start
                        .checked_add_days(Days::new(after + later + 40))
                        .unwrap();
                    after
                }
                _ => after,
            };
            Happening {
                after,
                kind,
                reversed,
            }
        },
    )
}

/// Things that happen; a loan is charged off once at most.
fn happenings(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Happening>> {
    prop::collection::vec(happening(), count).prop_map(|mut all| {
        let mut charged_off = false;
        all.retain(|happening| {
            let again = matches!(happening.kind, TransactionKind::ChargeOff { .. });
            !(again && std::mem::replace(&mut charged_off, true))
        });
        // No income is capitalised on a loan that is charged off.
        all.retain(|happening| {
            let deferred = matches!(
                happening.kind,
                TransactionKind::CapitalisedIncome { .. } | TransactionKind::BuyDownFee { .. }
            );
            !(charged_off && deferred)
        });
        charge_back_payments(&mut all);
        all
    })
}

/// Chargebacks are of payments, which stand while a chargeback does, and all of them together take
/// no more than the payment brought. One that finds no payment is a payment itself.
fn charge_back_payments(all: &mut [Happening]) {
    let brought = |happening: &Happening| match happening.kind {
        TransactionKind::Credit { amount, .. } => Some(amount),
        _ => None,
    };
    let payments = (0..).zip(all.iter());
    let mut left: Vec<(usize, Decimal)> = payments
        .filter_map(|(at, happening)| Some((at, brought(happening)?)))
        .collect();
    let count = left.len();
    for at in 0..all.len() {
        let TransactionKind::Chargeback { of, amount } = all[at].kind else {
            continue;
        };
        let chosen = usize::try_from(of.get()).unwrap();
        let payment = left.get_mut(chosen.checked_rem(count).unwrap_or(0));
        all[at].kind = match payment.filter(|(_, left)| *left > Decimal::ZERO) {
            Some((payment, left)) => {
                let amount = amount.min(*left);
                *left -= amount;
                let payment = *payment;
                all[payment].reversed = false;
                TransactionKind::Chargeback {
                    of: TransactionId::new(100 + payment as u128),
                    amount,
                }
            }
            None => TransactionKind::Credit {
                kind: CreditKind::Repayment,
                amount,
                split: None,
            },
        };
    }
}

fn contract() -> impl Strategy<Value = LoanTerms> {
    let buckets = || {
        let mut list = Vec::new();
        for timing in [Timing::PastDue, Timing::Due, Timing::InAdvance] {
            for element in [
                Element::Penalty,
                Element::Fee,
                Element::Principal,
                Element::Interest,
            ] {
                list.push(Bucket { timing, element });
            }
        }
        AllocationOrder::Buckets(list)
    };
    let future = prop_oneof![
        Just(FutureMoney::NextInstalment),
        Just(FutureMoney::LastInstalment),
        Just(FutureMoney::NextThenLast),
        Just(FutureMoney::CreditBalance),
        Just(FutureMoney::Spread),
        Just(FutureMoney::ReducePrincipal(
            Recalculation::ReduceInstalment
        )),
        Just(FutureMoney::ReducePrincipal(Recalculation::ReduceNumber)),
        Just(FutureMoney::ReducePrincipal(Recalculation::NextInstalments)),
    ];
    (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        future,
        0..4_u8,
        any::<bool>(),
        (
            0..3_u8,
            any::<bool>(),
            any::<bool>(),
            0..4_u8,
            any::<bool>(),
            prop::bool::weighted(0.3),
        ),
    )
        .prop_map(
            move |(
                on_balance,
                vertical,
                twelve,
                future,
                method,
                penalty,
                (overdue, due_dates, compounding, taxes, back, cash),
            )| {
                let mut terms = terms();
                if cash {
                    terms.accounting = rules(AccountingMethod::Cash);
                }
                if taxes > 1 {
                    terms.schedule.taxes = Taxes {
                        interest_percent: Some(dec!(16)),
                        fee_percent: Some(dec!(18)),
                        penalty_percent: Some(dec!(16)),
                        kind: if taxes == 2 {
                            TaxKind::Exclusive
                        } else {
                            TaxKind::Inclusive
                        },
                        ..Taxes::default()
                    };
                }
                // Room for income that is capitalised.
                terms.principal = dec!(3000);
                if on_balance {
                    terms.interest_basis = InterestBasis::OnBalance(BalanceInterest {
                        overdue: [
                            OverdueInterest::ByPeriodEnd,
                            OverdueInterest::EveryDay,
                            OverdueInterest::ByTransaction,
                        ][usize::from(overdue)],
                        rest: if due_dates {
                            Rest::DueDates
                        } else {
                            Rest::Daily
                        },
                        compounding: compounding.then_some(Compounding {
                            of: CompoundingOf::InterestAndCharges,
                            every: Period::Months(1),
                        }),
                        ..BalanceInterest::default()
                    });
                }
                terms.schedule.amortization = match method {
                    0 => Amortization::equal_principal(),
                    1 => Amortization::equal_instalments(AnnuityFormula::Factor),
                    _ => Amortization::equal_instalments(AnnuityFormula::ClosedForm),
                };
                if method == 3 && !on_balance {
                    terms.schedule.interest.method = InterestMethod::Flat;
                }
                let reduces = matches!(future, FutureMoney::ReducePrincipal(_));
                terms.allocation = AllocationTerms {
                    direction: if vertical {
                        Direction::Vertical
                    } else {
                        Direction::Horizontal
                    },
                    future: if reduces && !on_balance {
                        FutureMoney::NextInstalment
                    } else {
                        future
                    },
                    charged_back: if back {
                        ChargedBack::InOrder(vec![
                            Element::Penalty,
                            Element::Fee,
                            Element::Interest,
                            Element::Principal,
                        ])
                    } else {
                        ChargedBack::Principal
                    },
                    ..AllocationTerms::default()
                };
                if twelve {
                    terms.allocation.order = buckets();
                }
                if penalty {
                    let base = PenaltyBase::OverduePrincipal;
                    terms.arrears.tolerance_days = 5;
                    terms.penalty = Some(PenaltyTerms {
                        base,
                        daily_percent: dec!(0.1),
                        grace_days: 7,
                    });
                }
                terms
            },
        )
}

fn disbursed(terms: LoanTerms) -> Loan {
    let mut loan = Loan::approved(terms);
    let on = day("2024-01-01");
    loan.decide(
        &Command::disburse(TransactionId::new(1), on, dec!(1000)),
        on,
    )
    .unwrap();
    loan
}

fn last_day() -> NaiveDate {
    day("2024-10-15")
}

/// Tells the account of everything in a given order, one booking day after the other, closing
/// each day when `close_days`; ends by closing the last day.
fn live(terms: &LoanTerms, happenings: &[Happening], order: &[usize], close_days: bool) -> Loan {
    let mut loan = disbursed(terms.clone());
    let start = day("2024-01-01");
    let mut booking = start;
    let (mut reversals, mut waiting) = (Vec::new(), Vec::<NewTransaction>::new());
    for at in order {
        let happening = &happenings[*at];
        let value_date = start.checked_add_days(Days::new(happening.after)).unwrap();
        while booking < value_date {
            booking = booking.succ_opt().unwrap();
            if close_days {
                loan.decide(&Command::EndOfDay { date: booking }, booking)
                    .unwrap();
            }
        }
        let id = TransactionId::new(100 + *at as u128);
        waiting.push(NewTransaction::new(id, value_date, happening.kind.clone()));
        // A chargeback that we learn of before its payment waits for it.
        let known = |loan: &Loan, new: &NewTransaction| match new.kind {
            TransactionKind::Chargeback { of, .. } => loan.history.iter().any(|t| t.id == of),
            _ => true,
        };
        while let Some(at) = waiting.iter().position(|new| known(&loan, new)) {
            let new = waiting.remove(at);
            loan.decide(&Command::Record(new), booking).unwrap();
            loan.controls().unwrap();
        }
        if happening.reversed {
            reversals.push(id);
        }
    }
    for transaction in reversals {
        loan.decide(&Command::Reverse { transaction }, booking.max(last_day()))
            .unwrap();
        loan.controls().unwrap();
    }
    let date = last_day();
    loan.decide(&Command::EndOfDay { date }, date).unwrap();
    loan.controls().unwrap();
    loan
}

/// What must not depend on the order in which we learned of things.
#[derive(Clone, Debug, PartialEq)]
struct State {
    instalments: Vec<Instalment>,
    arrears: Arrears,
    balances: (Decimal, Decimal),
    history: Vec<(TransactionId, NaiveDate, bool, Outcome)>,
    books: BTreeMap<String, Decimal>,
}

fn state(loan: &Loan) -> State {
    let fact = |t: &Transaction| {
        (
            t.id,
            t.value_date,
            t.reversed_on.is_some(),
            t.outcome.clone(),
        )
    };
    State {
        instalments: loan.account.instalments().to_vec(),
        arrears: loan.account.arrears().clone(),
        balances: (
            loan.account.principal_balance(),
            loan.account.credit_balance(),
        ),
        history: loan.history.iter().map(fact).collect(),
        books: loan
            .books
            .clone()
            .into_iter()
            .filter(|(_, sum)| !sum.is_zero())
            .collect(),
    }
}

/// The first lines in which two states differ.
fn difference(one: &State, other: &State) -> Vec<String> {
    if one == other {
        return Vec::new();
    }
    let (one, other) = (format!("{one:#?}"), format!("{other:#?}"));
    let pairs = one.lines().zip(other.lines()).enumerate();
    let differing = pairs.filter(|(_, (one, other))| one != other);
    differing
        .map(|(at, (one, other))| format!("{at}: {one} <> {other}"))
        .take(20)
        .collect()
}

proptest! {
    #![proptest_config(runs(300))]

    /// The same set of facts gives the same account and the same books in any order of arrival,
    /// and whether or not every day was closed on the way.
    #[test]
    fn order_of_arrival_does_not_matter(
        terms in contract(),
        happenings in happenings(0..9),
        keys in prop::collection::vec(any::<u32>(), 9),
        close_days in any::<bool>(),
    ) {
        let mut by_date: Vec<usize> = (0..happenings.len()).collect();
        by_date.sort_by_key(|at| (happenings[*at].after, *at));
        let mut shuffled = by_date.clone();
        shuffled.sort_by_key(|at| keys[*at]);
        let one = live(&terms, &happenings, &by_date, true);
        let other = live(&terms, &happenings, &shuffled, close_days);
        prop_assert_eq!(difference(&state(&one), &state(&other)), Vec::<String>::new());
    }

    /// Principal is conserved: what was lent is owed, repaid or given up, and nothing else.
    #[test]
    fn principal_is_conserved(
        terms in contract(),
        happenings in happenings(0..9),
    ) {
        let mut order: Vec<usize> = (0..happenings.len()).collect();
        order.sort_by_key(|at| (happenings[*at].after, *at));
        let loan = live(&terms, &happenings, &order, false);
        let rows = loan.account.instalments();
        let lent_again: Decimal = loan.history.iter()
            .filter(|t| t.reversed_on.is_none())
            .filter(|t| matches!(t.kind, TransactionKind::Chargeback { .. }))
            .map(|t| t.outcome.applied.principal)
            .sum();
        let due: Decimal = rows.iter().map(|row| row.due.principal).sum();
        let paid: Decimal = rows.iter().map(|row| row.paid.principal).sum();
        let capitalised: Decimal = loan.history.iter()
            .filter(|t| t.reversed_on.is_none())
            .filter(|t| matches!(t.kind, TransactionKind::CapitalisedIncome { .. }))
            .map(|t| t.outcome.applied.principal)
            .sum();
        prop_assert_eq!(due, dec!(1000) + lent_again + capitalised);
        prop_assert_eq!(loan.account.principal_balance(), due - paid);
        for row in rows {
            let open = row.open_amounts().unwrap();
            for element in Element::ALL {
                prop_assert!(open.get(element) >= Decimal::ZERO, "{:?}", row);
                prop_assert!(row.due.get(element) >= Decimal::ZERO, "{:?}", row);
            }
        }
    }

    /// Every payment goes somewhere: its parts and its credit balance sum to its amount.
    #[test]
    fn payments_are_allocated_whole(
        terms in contract(),
        happenings in happenings(0..9),
    ) {
        let mut order: Vec<usize> = (0..happenings.len()).collect();
        order.sort_by_key(|at| (happenings[*at].after, *at));
        let loan = live(&terms, &happenings, &order, false);
        let mut left = Decimal::ZERO;
        for t in loan.history.iter().filter(|t| t.reversed_on.is_none()) {
            if let TransactionKind::Credit { amount, .. } = t.kind {
                let parts = t.outcome.applied.total().unwrap();
                left += amount - parts;
            }
            if let TransactionKind::Chargeback { amount, .. } = t.kind {
                left -= amount - t.outcome.applied.total().unwrap();
            }
        }
        prop_assert_eq!(left, loan.account.credit_balance());
    }

    /// Paying the pay-off amount on its day leaves nothing owed and nothing over.
    #[test]
    fn the_pay_off_amount_settles(
        terms in contract(),
        happenings in happenings(0..4),
        on in 0_u64..280,
    ) {
        let mut order: Vec<usize> = (0..happenings.len()).collect();
        order.sort_by_key(|at| (happenings[*at].after, *at));
        order.retain(|at| happenings[*at].after <= on && !happenings[*at].reversed);
        let mut loan = disbursed(terms);
        let start = day("2024-01-01");
        for at in order {
            let value_date = start.checked_add_days(Days::new(happenings[at].after)).unwrap();
            let id = TransactionId::new(100 + at as u128);
            let new = NewTransaction::new(id, value_date, happenings[at].kind.clone());
            if let TransactionKind::Chargeback { of, .. } = new.kind
                && !loan.history.iter().any(|t| t.id == of)
            {
                continue; // its payment comes later
            }
            loan.decide(&Command::Record(new), value_date).unwrap();
        }
        let date = start.checked_add_days(Days::new(on)).unwrap();
        let owed = loan.account.payoff(date).unwrap();
        let future = loan.account.terms().allocation.future;
        // Nothing owed needs no payment; future money kept as a credit balance pays nothing early.
        if owed.is_zero() || matches!(future, FutureMoney::CreditBalance) {
            return Ok(());
        }
        loan.decide(&Command::repay(TransactionId::new(9_999), date, owed), date).unwrap();
        prop_assert_eq!(loan.account.outstanding().unwrap().total().unwrap(), Decimal::ZERO);
        prop_assert_eq!(loan.account.credit_balance(), Decimal::ZERO);
        loan.controls().map_err(TestCaseError::fail)?;
    }
}

/// On the cash basis nothing is recognised before it is paid.
#[test]
fn cash_basis_has_no_receivables() {
    let mut terms = terms();
    terms.accounting = rules(AccountingMethod::Cash);
    let mut loan = disbursed(terms);
    loan.decide(
        &Command::EndOfDay {
            date: day("2024-01-31"),
        },
        day("2024-01-31"),
    )
    .unwrap();
    assert_eq!(loan.book("interest-income"), Decimal::ZERO);
    // 1000 × 12 % × 31/365 = 10.19
    let on = day("2024-02-01");
    loan.decide(&Command::repay(TransactionId::new(2), on, dec!(172.55)), on)
        .unwrap();
    assert_eq!(loan.book("interest-income"), dec!(-10.19));
    assert_eq!(loan.book("interest-receivable"), Decimal::ZERO);
}
