//! Draws that are repaid in instalments.

use lending_core::revolving::{
    DrawInstalments, DrawSpread, EarlyRepayment, MinimumPayment, MinimumRule,
};
use rust_decimal::{Decimal, dec};

use crate::{
    common::day,
    line::{Line, terms},
};

fn in_instalments(count: u16, spread: DrawSpread, early: EarlyRepayment) -> Line {
    let mut terms = terms();
    terms.minimum = MinimumPayment::of(MinimumRule::Instalments(DrawInstalments {
        count,
        spread,
        early,
    }));
    Line::active(terms)
}

fn planned(line: &Line) -> Vec<Vec<Decimal>> {
    let plans = line.line.plans().iter();
    plans
        .map(|plan| plan.instalments.iter().map(|row| row.principal).collect())
        .collect()
}

#[test]
fn instalments_of_all_draws_make_the_minimum() {
    let early = EarlyRepayment::FromLastInstalment;
    let mut line = in_instalments(4, DrawSpread::EqualPrincipal, early);
    line.draw("2025-01-05", dec!(1000));
    line.end_of_day("2025-01-25");
    // 250 and 1000 × 24 % × 20/365 = 13.15
    assert_eq!(line.statement().minimum, dec!(263.15));
    line.repay("2025-02-05", dec!(263.15));
    line.draw("2025-02-10", dec!(500));
    line.end_of_day("2025-02-25");
    // 250 + 125; (1000 × 11 + 750 × 5 + 1250 × 15) × 24 % / 365 = 22.027…
    assert_eq!(line.statement().minimum, dec!(397.03));
    assert_eq!(planned(&line), [vec![dec!(250); 2], vec![dec!(125); 3]]);
    // Unpaid: 375 of principal and 22.03 stay due, 375 and new interest join them:
    // 1250 × 24 % × 28/365 = 23.013…
    line.end_of_day("2025-03-25");
    assert_eq!(
        line.statement().minimum,
        dec!(397.03) + dec!(375) + dec!(23.01)
    );
    line.controls().unwrap();
}

#[test]
fn early_money_shortens_or_lowers() {
    // 263.15 are due on 1000 in four; 300 more are paid. 750 in three are to come.
    for (early, expected) in [
        // The last 250 and 50 of the one before it.
        (
            EarlyRepayment::FromLastInstalment,
            vec![dec!(250), dec!(200)],
        ),
        // 450 in three.
        (EarlyRepayment::ReducedInstalments, vec![dec!(150); 3]),
    ] {
        let mut line = in_instalments(4, DrawSpread::EqualPrincipal, early);
        line.draw("2025-01-05", dec!(1000));
        line.end_of_day("2025-01-25");
        line.repay("2025-02-05", dec!(563.15));
        assert_eq!(planned(&line), [expected]);
        let first = line.line.plans()[0].instalments[0].on;
        assert_eq!(first, day("2025-02-25"));
        line.controls().unwrap();
    }
}

#[test]
fn early_money_on_the_day_of_a_statement_counts_before_it() {
    let mut line = in_instalments(
        2,
        DrawSpread::EqualPrincipal,
        EarlyRepayment::ReducedInstalments,
    );
    line.draw("2025-01-05", dec!(1000));
    line.repay("2025-01-25", dec!(400));
    assert_eq!(planned(&line), [vec![dec!(300); 2]]);
    line.end_of_day("2025-01-25");
    // 300 and 13.15 of interest.
    assert_eq!(line.statement().minimum, dec!(313.15));
}

#[test]
fn even_totals_follow_the_annuity() {
    let early = EarlyRepayment::ReducedInstalments;
    let mut line = in_instalments(3, DrawSpread::EqualInstalments, early);
    // Drawn on the day of a statement: the first instalment comes with the next.
    line.draw("2025-01-25", dec!(1200));
    // 1200 × 2 % / (1 − 1.02⁻³) = 416.11; interest of 31, 28 and 31 days at 24 %: 24.46, 14.88.
    assert_eq!(
        planned(&line),
        [vec![dec!(391.65), dec!(401.23), dec!(407.12)]]
    );
    line.end_of_day("2025-02-25");
    assert_eq!(line.statement().minimum, dec!(416.11));
    line.controls().unwrap();
}

#[test]
fn the_oldest_draw_is_repaid_early_first() {
    let early = EarlyRepayment::FromLastInstalment;
    let mut line = in_instalments(2, DrawSpread::EqualPrincipal, early);
    line.draw("2025-01-05", dec!(200));
    line.draw("2025-01-06", dec!(600));
    line.repay("2025-01-10", dec!(250));
    assert_eq!(planned(&line), [vec![dec!(300), dec!(250)]]);
}
