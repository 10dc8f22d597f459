//! Taxes, penalties by the day, rates that follow an index, pauses of interest. Contract:
//! [`terms`](crate::line::terms).

use ledger::posting_rules::AccountingMethod;
use lending_core::{
    dates::Period,
    loan::{IndexTerms, TaxRates, code},
    revolving::{
        Command, CreditLineTerms, LineFee, LineFeeAmount, LineFeeTrigger, LinePenalty,
        TransactionKind,
    },
    schedule::{TaxKind, Taxes},
};
use rust_decimal::{Decimal, dec};

use crate::{
    common::{day, rules},
    line::{Line, terms},
};

fn penalised(grace_days: u16) -> CreditLineTerms {
    CreditLineTerms {
        penalty: Some(LinePenalty {
            name: code("late").unwrap(),
            daily_percent: dec!(0.1),
            grace_days,
        }),
        ..terms()
    }
}

/// 3,650 drawn on 5 January: statement 1 asks for 365 and 48 of interest, due on 9 February.
fn late(terms: CreditLineTerms) -> Line {
    let mut line = Line::active(terms);
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-01-25");
    assert_eq!(line.statement().minimum, dec!(413));
    line
}

fn penalty(line: &Line) -> Decimal {
    let fees = &line.statement().fees;
    fees.iter().map(|fee| fee.amount).sum()
}

/// 413 overdue for the 16 nights from 9 to 25 February: 413 x 0.1 % x 16 = 6.608. With three free
/// nights 13 count: 5.369.
#[test]
fn an_overdue_minimum_costs_by_the_night() {
    for (grace_days, expected) in [(0, dec!(6.61)), (3, dec!(5.37))] {
        let mut line = late(penalised(grace_days));
        line.end_of_day("2025-02-25");
        assert_eq!(penalty(&line), expected, "{grace_days} free nights");
        assert_eq!(line.line.owed().penalty, expected);
        assert_eq!(line.book("penalty-income"), -expected);
        line.controls().unwrap();
    }
}

/// Earned night by night: 413 x 0.1 % x 10 = 4.13 on the 19th. 213 are paid then; 200 x 0.1 % x 6 =
/// 1.20 follow. A payment that was made on the 19th and is learned of on the 24th costs the same.
#[test]
fn a_penalty_follows_what_is_overdue() {
    let mut known = late(penalised(0));
    known.end_of_day("2025-02-18");
    assert_eq!(known.book("penalty-income"), dec!(-3.72)); // 413 x 0.1 % x 9 = 3.717
    known.repay("2025-02-19", dec!(213));
    assert_eq!(known.line.accrued_penalty().unwrap(), dec!(4.13));
    let mut learned = late(penalised(0));
    learned.end_of_day("2025-02-23");
    let payment = crate::line::repayment(dec!(213));
    learned
        .backdate("2025-02-19", "2025-02-24", payment)
        .unwrap();
    for mut line in [known, learned] {
        line.end_of_day("2025-02-25");
        assert_eq!(penalty(&line), dec!(5.33));
        line.controls().unwrap();
    }
}

/// What settles a line holds the penalty of the nights so far.
#[test]
fn the_pay_off_holds_the_penalty() {
    let mut line = late(penalised(0));
    // Interest of 25 nights: 3,650 x 24 % x 25/365 = 60; penalty 413 x 0.1 % x 10 = 4.13.
    let owed = line.line.payoff(day("2025-02-19")).unwrap();
    assert_eq!(owed, dec!(3650) + dec!(48) + dec!(60) + dec!(4.13));
    line.repay("2025-02-19", owed);
    line.on("2025-02-19", TransactionKind::Close);
    assert!(line.line.owed().is_zero());
    line.controls().unwrap();
}

fn rates(percent: Decimal) -> TransactionKind {
    TransactionKind::TaxRateChange(TaxRates {
        interest: Some(percent),
        fee: Some(percent),
        penalty: Some(percent),
    })
}

/// 3,650 drawn on 5 January: 20 nights to the statement of the 25th, 48.00, with 16 % 55.68 (tax
/// 7.68); 31 nights to the next, 74.40. From 10 February at 14 %: 10.416 on top, 84.82 (10.42). A
/// fee of 100 charged before costs 116, one charged after 114.
#[test]
fn a_change_of_tax_rates_counts_for_what_is_charged_later() {
    let fee = || TransactionKind::Fee {
        name: code("visit").unwrap(),
        penalty: false,
        amount: Some(dec!(100)),
    };
    let mut line = Line::active(taxed(TaxKind::Exclusive));
    line.draw("2025-01-05", dec!(3650));
    line.end_of_day("2025-01-25");
    line.on("2025-02-09", fee());
    line.end_of_day("2025-02-09");
    // 7.68 and 16.00; 15 nights of the running cycle, 36.00, with 5.76.
    assert_eq!(line.book("taxes"), dec!(-29.44));
    let before = line.clone();
    let change = line.on("2025-02-10", rates(dec!(14)));
    assert_eq!(line.line.taxes().fee_percent, Some(dec!(14)));
    // 16 nights, 38.40, with 5.376: 7.68 + 16.00 + 5.38.
    assert_eq!(line.book("taxes"), dec!(-29.06));
    line.on("2025-02-11", fee());
    assert_eq!(line.line.owed().fee, dec!(230));
    line.end_of_day("2025-02-25");
    line.controls().unwrap();
    assert_eq!(line.statement().interest, dec!(84.82));
    // 7.68 + 10.42 on interest, 16 + 14 on fees.
    assert_eq!(line.book("taxes"), dec!(-48.10));
    // Forgiven, the older fee takes 16 back.
    let mut forgiven = line.clone();
    let amounts = lending_core::loan::Amounts {
        fee: dec!(116),
        ..lending_core::loan::Amounts::ZERO
    };
    let taxes = line.book("taxes");
    forgiven.on("2025-02-26", TransactionKind::Waiver { amounts });
    // Another night at 2.40 with 14 %, 2.74: 87.56 since the change contain 10.75, 0.33 more.
    assert_eq!(forgiven.book("taxes") - taxes, dec!(16.00) - dec!(0.33));
    // Known late, and reversed: as if it had been known, or never been.
    let mut late = before.clone();
    late.on("2025-02-11", fee());
    late.backdate("2025-02-10", "2025-02-11", rates(dec!(14)))
        .unwrap();
    late.end_of_day("2025-02-25");
    late.controls().unwrap();
    assert_eq!(late.book("taxes"), dec!(-48.10));
    let mut never = before;
    never.on("2025-02-11", fee());
    never.end_of_day("2025-02-25");
    let reverse = Command::Reverse {
        transaction: change,
    };
    line.decide(&reverse, day("2025-02-26")).unwrap();
    line.controls().unwrap();
    assert_eq!(line.line.owed().fee, dec!(232));
    // The statement asked for 84.82; the next one corrects it to 86.30.
    assert_eq!(line.line.owed().interest, never.line.owed().interest);
    assert_eq!(line.book("taxes"), never.book("taxes"));
    assert_eq!(line.line.taxes_changed_on(), None);
}

/// On the cash basis tax is owed when it is paid: money pays what was charged first, at its rate.
#[test]
fn money_pays_the_older_tax_first() {
    let mut terms = taxed(TaxKind::Exclusive);
    terms.accounting = crate::common::rules(ledger::posting_rules::AccountingMethod::Cash);
    let mut line = Line::active(terms);
    let fee = || TransactionKind::Fee {
        name: code("visit").unwrap(),
        penalty: false,
        amount: Some(dec!(100)),
    };
    line.on("2025-01-05", fee());
    line.on("2025-01-06", rates(dec!(14)));
    line.on("2025-01-07", fee());
    line.repay("2025-01-08", dec!(58));
    assert_eq!(line.book("taxes"), dec!(-8));
    // 58 more of the first and 57 of the second: 8 and 7.
    line.repay("2025-01-09", dec!(115));
    assert_eq!(line.book("taxes"), dec!(-23));
    // 57 for what is left and 57 beyond it: the credit balance pays half of the next fee.
    line.repay("2025-01-10", dec!(114));
    assert_eq!(line.book("taxes"), dec!(-30));
    line.on("2025-01-11", fee());
    line.end_of_day("2025-01-11");
    // 57 x 14/114 = 7.
    assert_eq!(line.book("taxes"), dec!(-37));
    assert_eq!(line.line.owed().fee, dec!(57));
}

fn taxed(kind: TaxKind) -> CreditLineTerms {
    let sixteen = Some(dec!(16));
    CreditLineTerms {
        taxes: Taxes {
            interest_percent: sixteen,
            fee_percent: sixteen,
            penalty_percent: sixteen,
            kind,
            ..Taxes::default()
        },
        ..terms()
    }
}

/// 48.00 of interest for 20 nights. On top: 7.68. Contained: 48 x 16/116 = 6.62.
#[test]
fn taxes_on_interest_come_on_top_or_are_contained() {
    for (kind, due, tax, night, tax_of_night) in [
        (
            TaxKind::Exclusive,
            dec!(55.68),
            dec!(7.68),
            dec!(-2.40),
            dec!(0.38),
        ),
        (
            TaxKind::Inclusive,
            dec!(48),
            dec!(6.62),
            dec!(-2.07),
            dec!(0.33),
        ),
    ] {
        let mut line = Line::active(taxed(kind));
        line.draw("2025-01-05", dec!(3650));
        line.end_of_day("2025-01-25");
        assert_eq!(line.statement().interest, due);
        assert_eq!(line.statement().minimum, dec!(365) + due);
        assert_eq!(line.book("taxes"), -tax);
        assert_eq!(line.book("interest-income"), tax - due);
        assert_eq!(line.book("interest-receivable"), due);
        line.controls().unwrap();
        // Forgiven, it is neither income nor tax.
        let amounts = lending_core::loan::Amounts {
            interest: due,
            ..lending_core::loan::Amounts::ZERO
        };
        line.on("2025-01-26", TransactionKind::Waiver { amounts });
        // Left is what another night earns: 2.40, with 0.38 on top or 0.33 in it.
        let left = (line.book("interest-income"), line.book("taxes"));
        assert_eq!(left, (night, -tax_of_night));
        line.controls().unwrap();
    }
}

/// A fee of 50 kept back from a draw of 3,650 costs 58 with 16 % on top: 3,592 are paid out. A fee
/// of 100 by hand is owed with 116.
#[test]
fn taxes_on_fees_go_to_the_state() {
    let mut terms = taxed(TaxKind::Exclusive);
    terms.fees.push(LineFee {
        name: code("kept").unwrap(),
        when: LineFeeTrigger::DeductedFromDraw,
        amount: LineFeeAmount::Flat(dec!(50)),
        penalty: false,
    });
    let mut line = Line::active(terms);
    line.draw("2025-01-05", dec!(3650));
    assert_eq!(line.book("bank"), dec!(-3592));
    assert_eq!(
        (line.book("fee-income"), line.book("taxes")),
        (dec!(-50), dec!(-8))
    );
    let kind = TransactionKind::Fee {
        name: code("visit").unwrap(),
        penalty: false,
        amount: Some(dec!(100)),
    };
    line.on("2025-01-05", kind);
    assert_eq!(line.line.owed().fee, dec!(116));
    assert_eq!(
        (line.book("fee-income"), line.book("taxes")),
        (dec!(-150), dec!(-24))
    );
    line.controls().unwrap();
}

/// Ten nights at 24 % and ten at 14 % + 4 %: 3,650 x (24 % + 18 %) x 10/365 = 42. The ceiling holds
/// from the 20th on: 3,650 x (24 % x 10 + 18 % x 5 + 30 % x 5)/365 = 48.
#[test]
fn a_rate_follows_its_index() {
    let mut terms = terms();
    terms.index = Some(IndexTerms {
        spread: dec!(4),
        floor: Some(dec!(10)),
        ceiling: Some(dec!(30)),
        review_every: Period::Months(3),
    });
    let mut line = Line::active(terms);
    assert_eq!(line.line.next_index_review(), Some(day("2025-04-01")));
    line.draw("2025-01-05", dec!(3650));
    line.on(
        "2025-01-15",
        TransactionKind::IndexReview { index: dec!(14) },
    );
    assert_eq!(line.line.next_index_review(), Some(day("2025-04-15")));
    let mut capped = line.clone();
    line.end_of_day("2025-01-25");
    assert_eq!(line.statement().interest, dec!(42));
    capped.on(
        "2025-01-20",
        TransactionKind::IndexReview { index: dec!(40) },
    );
    capped.end_of_day("2025-01-25");
    assert_eq!(capped.statement().interest, dec!(48));
    let mut plain = Line::active(crate::line::terms());
    let refused = plain.refused(
        "2025-01-15",
        TransactionKind::IndexReview { index: dec!(14) },
    );
    assert_eq!(refused.code(), 3105);
}

/// The nights that end on 10 to 14 January are free: 15 of 20 count, 3,650 x 24 % x 15/365 = 36. It
/// may be agreed afterwards, and undone.
#[test]
fn interest_may_pause() {
    let (first, last) = (day("2025-01-10"), day("2025-01-14"));
    let pause = TransactionKind::InterestPause { first, last };
    let mut line = Line::active(terms());
    line.draw("2025-01-05", dec!(3650));
    let early = line.refused("2025-01-12", pause.clone());
    assert_eq!(early.code(), 3005, "{early}");
    line.end_of_day("2025-01-17");
    assert_eq!(line.book("interest-income"), dec!(-28.80));
    let id = line.backdate("2025-01-10", "2025-01-18", pause).unwrap();
    let mut undone = line.clone();
    line.end_of_day("2025-01-25");
    assert_eq!(line.statement().interest, dec!(36));
    line.controls().unwrap();
    undone
        .decide(&Command::Reverse { transaction: id }, day("2025-01-18"))
        .unwrap();
    undone.end_of_day("2025-01-25");
    assert_eq!(undone.statement().interest, dec!(48));
    undone.controls().unwrap();
}

#[test]
fn what_contradicts_itself_is_refused() {
    let mut terms = penalised(0);
    terms.penalty.as_mut().unwrap().daily_percent = dec!(0);
    terms.index = Some(IndexTerms {
        spread: dec!(4),
        floor: Some(dec!(30)),
        ceiling: Some(dec!(10)),
        review_every: Period::Months(3),
    });
    terms.taxes.fee_percent = Some(dec!(-1));
    let lending_core::revolving::RevolvingError::Terms(found) = terms.validate().unwrap_err()
    else {
        panic!("another refusal");
    };
    let codes: Vec<u16> = found.all().iter().map(|violation| violation.code).collect();
    assert_eq!(codes, [3152, 3166, 3152]);
}

/// On the cash basis a credit balance of 0.30 pays three fees of 0.10, 16 % of tax contained:
/// 0.10 x 16/116 = 0.0138 = 0.01 of each fee, 0.03 in all.
#[test]
fn tax_on_what_a_credit_balance_pays() {
    let mut line = Line::active(CreditLineTerms {
        accounting: rules(AccountingMethod::Cash),
        taxes: Taxes {
            fee_percent: Some(dec!(16)),
            kind: TaxKind::Inclusive,
            ..Taxes::default()
        },
        ..terms()
    });
    line.repay("2025-01-02", dec!(0.30));
    for date in ["2025-01-03", "2025-01-04", "2025-01-05"] {
        line.on(
            date,
            TransactionKind::Fee {
                name: code("visit").unwrap(),
                penalty: false,
                amount: Some(dec!(0.10)),
            },
        );
    }
    assert_eq!(line.book("taxes"), dec!(-0.03));
    assert_eq!(line.book("fee-income"), dec!(-0.27));
    assert_eq!(line.book("credit-balances"), dec!(0));
}
