//! The contracts of lines of credit: each option a choice among a few, 0 being the plainest.

use std::fmt;

use chrono::NaiveDate;
use fastrand::Rng;
use ledger::posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules};
use lending_core::{
    dates::{Calendar, DueDateRule, MonthEnd, NonWorkingDayRule, Period},
    day_count::DayCount,
    loan::{ArrearsStart, CapMethod, Element, IndexTerms, code},
    revolving::{
        BillingTerms, ChargesInMinimum, CreditLineTerms, DrawInstalments, DrawSpread,
        EarlyRepayment, InterestGrace, InterestOn, LimitUse, LineCap, LineCapBase, LineCapCounts,
        LineFee, LineFeeAmount, LineFeeTrigger, LinePenalty, MinimumPayment, MinimumRule,
        OverdueInMinimum, PaymentDue,
    },
    schedule::{Rate, TaxKind, Taxes},
};
use rust_decimal::dec;

use super::{lived::Lived, step::What};
use crate::simulate::{self, Contract as _, scenario::elements};

/// The options, in the order of their choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// 1 cash, 2 none.
    Accounting,
    /// 0 of principal, 1 flat, 2 of the balance, 3 instalments, 4 equal ones.
    Rule,
    /// 1 the new minimum takes the place of earlier ones.
    Within,
    /// 1 floor, 2 floor that counts interest and fees, 3 ceiling, 4 both.
    Limits,
    /// 1 charges are part of the minimum.
    Included,
    /// 1 principal above the limit is due.
    AboveLimit,
    /// 1 instalments made smaller by money paid early.
    Reduced,
    /// 0 fifteen days, 1 at once, 2 twenty days, 3 the tenth.
    Due,
    /// 0 the 25th, 1 every two weeks, 2 the last day, 3 twice a month.
    Statements,
    /// One of the 24 orders.
    Order,
    /// 1 free of interest when paid in full.
    Grace,
    /// 1 on interest too, 2 on the balance.
    InterestOn,
    /// 1 the limit is one of the balance.
    LimitUse,
    /// 1 kept back, 2 added.
    DrawFee,
    /// 1 at activation.
    Joining,
    /// 1 flat, 2 of the balance, 3 of the limit.
    Yearly,
    /// On arrears: 1 flat, 2 of what is overdue, 3 as a penalty.
    Arrears,
    /// 1 of the balance on default.
    Default,
    /// By hand: 1 flat, 2 of the balance.
    Manual,
    /// By the night: 1 at once, 2 after two nights.
    Penalty,
    /// 1 soft, 2 hard, at 5 % of its base.
    Cap,
    /// 1 the rate follows an index.
    Index,
    /// 1 contained, 2 on top, 3 on top of fees alone.
    Tax,
    /// 1 least and most.
    Draws,
    /// 1 on the hundredth day.
    Expires,
    /// 1 days, 2 percent, 3 from the first missed.
    Tolerance,
    /// 1 after twenty days.
    DefaultAfter,
    /// 1 weekends off: due dates move on.
    Calendar,
    /// 1 actual days over 360, 2 thirty days over 360.
    DayCount,
}

use Choice as C;

const ALL: [(Choice, u8); 29] = [
    (C::Accounting, 3),
    (C::Rule, 5),
    (C::Within, 2),
    (C::Limits, 5),
    (C::Included, 2),
    (C::AboveLimit, 2),
    (C::Reduced, 2),
    (C::Due, 4),
    (C::Statements, 4),
    (C::Order, 24),
    (C::Grace, 2),
    (C::InterestOn, 3),
    (C::LimitUse, 2),
    (C::DrawFee, 3),
    (C::Joining, 2),
    (C::Yearly, 4),
    (C::Arrears, 4),
    (C::Default, 2),
    (C::Manual, 3),
    (C::Penalty, 3),
    (C::Cap, 3),
    (C::Index, 2),
    (C::Tax, 4),
    (C::Draws, 2),
    (C::Expires, 2),
    (C::Tolerance, 4),
    (C::DefaultAfter, 2),
    (C::Calendar, 2),
    (C::DayCount, 3),
];

/// What is chosen for each option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
    chosen: [u8; ALL.len()],
}

impl Contract {
    /// Half of the contracts stay within what the second model covers.
    pub fn draw(rng: &mut Rng) -> Self {
        let chances = if rng.bool() { 0 } else { rng.u8(1..8) };
        let chosen = ALL.map(|(choice, count)| {
            let chances = if choice.is_modelled() { 6 } else { chances };
            if rng.u8(..12) < chances {
                rng.u8(..count)
            } else {
                0
            }
        });
        Self { chosen }
    }

    fn get(&self, choice: Choice) -> u8 {
        self.chosen[choice as usize]
    }

    /// Whether the second model covers it.
    pub fn is_modelled(&self) -> bool {
        let mut all = ALL.iter();
        all.all(|(choice, _)| choice.is_modelled() || self.get(*choice) == 0)
    }

    /// Whether lateness costs money: what is late depends on what statements have said.
    pub fn lateness_costs(&self) -> bool {
        [C::Arrears, C::Default, C::Penalty, C::Cap]
            .iter()
            .any(|choice| self.get(*choice) > 0)
    }

    /// The order of elements.
    pub fn elements(&self) -> Vec<Element> {
        elements(self.get(C::Order))
    }

    /// As terms of a line of 2,000.00 at 24 %.
    pub fn terms(&self) -> CreditLineTerms {
        let mut terms = CreditLineTerms::new(
            "KES".parse().expect("a currency"),
            dec!(2000),
            Rate::per_year(dec!(24)),
            self.billing(),
            self.minimum(),
            self.rules(),
        );
        terms.allocation = self.elements();
        if self.get(C::Grace) == 1 {
            terms.grace = InterestGrace::PaidInFull;
        }
        terms.interest_on = match self.get(C::InterestOn) {
            1 => InterestOn::PrincipalAndInterest,
            2 => InterestOn::Balance,
            _ => InterestOn::Principal,
        };
        if self.get(C::LimitUse) == 1 {
            terms.limit_use = LimitUse::Balance;
        }
        terms.fees = self.fees();
        let grace_days = match self.get(C::Penalty) {
            0 => None,
            1 => Some(0),
            _ => Some(2),
        };
        terms.penalty = grace_days.map(|grace_days| LinePenalty {
            name: code("late-night").expect("a short name"),
            daily_percent: dec!(0.15),
            grace_days,
        });
        let cap = self.get(C::Cap);
        terms.cap = (cap > 0).then(|| LineCap {
            percent: dec!(5),
            of: LineCapBase::default(),
            counts: LineCapCounts::default(),
            method: if cap == 1 {
                CapMethod::Soft
            } else {
                CapMethod::Hard
            },
        });
        if self.get(C::Index) == 1 {
            terms.index = Some(IndexTerms {
                spread: dec!(2),
                floor: Some(dec!(3)),
                ceiling: Some(dec!(30)),
                review_every: Period::Months(3),
            });
        }
        if self.get(C::Draws) == 1 {
            (terms.least_draw, terms.most_draw) = (Some(dec!(20)), Some(dec!(900)));
        }
        if self.get(C::Expires) == 1 {
            terms.expires_on = Self::start().checked_add_days(chrono::Days::new(99));
        }
        match self.get(C::Tolerance) {
            1 => terms.arrears.tolerance_days = 4,
            2 => terms.arrears.tolerance_percent = dec!(5),
            3 => terms.arrears.counted_from = ArrearsStart::FirstMissed,
            _ => {}
        }
        if self.get(C::DefaultAfter) == 1 {
            terms.default_after_days = Some(20);
        }
        if self.get(C::Calendar) == 1 {
            terms.calendar = Calendar::weekends();
        }
        terms.interest.day_count = match self.get(C::DayCount) {
            1 => DayCount::Act360,
            2 => DayCount::Thirty360E,
            _ => DayCount::Act365Fixed,
        };
        self.tax(&mut terms);
        terms
    }

    fn tax(&self, terms: &mut CreditLineTerms) {
        let percent = Some(dec!(16));
        let all = Taxes {
            interest_percent: percent,
            fee_percent: percent,
            penalty_percent: percent,
            kind: TaxKind::Inclusive,
            ..Taxes::default()
        };
        terms.taxes = match self.get(C::Tax) {
            0 => Taxes::default(),
            1 => all,
            2 => Taxes {
                kind: TaxKind::Exclusive,
                ..all
            },
            _ => Taxes {
                fee_kind: Some(TaxKind::Exclusive),
                ..all
            },
        };
    }

    fn billing(&self) -> BillingTerms {
        let days = |days| DueDateRule::FixedDaysOfMonth {
            days,
            month_end: MonthEnd::Clamp,
        };
        BillingTerms {
            statements: match self.get(C::Statements) {
                1 => DueDateRule::every(Period::Weeks(2)),
                2 => days(vec![31]),
                3 => days(vec![5, 20]),
                _ => days(vec![25]),
            },
            due: match self.get(C::Due) {
                1 => PaymentDue::DaysAfterStatement(0),
                2 => PaymentDue::DaysAfterStatement(20),
                3 => PaymentDue::DayOfMonth {
                    day: 10,
                    month_end: MonthEnd::Clamp,
                },
                _ => PaymentDue::DaysAfterStatement(15),
            },
            non_working_days: if self.get(C::Calendar) == 1 {
                NonWorkingDayRule::Next
            } else {
                NonWorkingDayRule::None
            },
        }
    }

    /// The days of the month on which statements are made; none: every two weeks.
    pub fn statement_days(&self) -> &'static [u32] {
        match self.get(C::Statements) {
            1 => &[],
            2 => &[31],
            3 => &[5, 20],
            _ => &[25],
        }
    }

    fn minimum(&self) -> MinimumPayment {
        let plan = |spread| {
            MinimumRule::Instalments(DrawInstalments {
                count: 5,
                spread,
                early: if self.get(C::Reduced) == 1 {
                    EarlyRepayment::ReducedInstalments
                } else {
                    EarlyRepayment::FromLastInstalment
                },
            })
        };
        let mut minimum = MinimumPayment::of(match self.get(C::Rule) {
            1 => MinimumRule::Flat(dec!(100)),
            2 => MinimumRule::PercentOfBalance(dec!(5)),
            3 => plan(DrawSpread::EqualPrincipal),
            4 => plan(DrawSpread::EqualInstalments),
            _ => MinimumRule::PercentOfPrincipal(dec!(7.5)),
        });
        if self.get(C::Within) == 1 {
            minimum.overdue = OverdueInMinimum::Within;
        }
        if self.get(C::Included) == 1 {
            minimum.charges = ChargesInMinimum::Included;
        }
        minimum.above_limit = self.get(C::AboveLimit) == 1;
        let limits = self.get(C::Limits);
        minimum.floor = [1, 2, 4].contains(&limits).then_some(dec!(50));
        minimum.ceiling = [3, 4].contains(&limits).then_some(dec!(150));
        minimum.floor_includes_interest = limits == 2;
        minimum.floor_includes_fees = limits == 2;
        minimum
    }

    fn fees(&self) -> Vec<LineFee> {
        let fee = |name, when, amount| LineFee {
            name: code(name).expect("a short name"),
            when,
            amount,
            penalty: false,
        };
        let mut fees = Vec::new();
        let at_draw = LineFeeAmount::PercentOfDraw(dec!(1.5));
        match self.get(C::DrawFee) {
            1 => fees.push(fee("kept", LineFeeTrigger::DeductedFromDraw, at_draw)),
            2 => fees.push(fee("added", LineFeeTrigger::AddedToDraw, at_draw)),
            _ => {}
        }
        let flat = LineFeeAmount::Flat(dec!(12.50));
        let of_balance = LineFeeAmount::PercentOfBalance(dec!(1));
        if self.get(C::Joining) == 1 {
            fees.push(fee("joining", LineFeeTrigger::Activation, flat));
        }
        let yearly = match self.get(C::Yearly) {
            0 => None,
            1 => Some(flat),
            2 => Some(of_balance),
            _ => Some(LineFeeAmount::PercentOfLimit(dec!(0.5))),
        };
        fees.extend(yearly.map(|amount| fee("yearly", LineFeeTrigger::EveryYear, amount)));
        match self.get(C::Arrears) {
            0 => {}
            1 => fees.push(fee("late", LineFeeTrigger::Arrears, flat)),
            kind => fees.push(LineFee {
                penalty: kind == 3,
                ..fee(
                    "late",
                    LineFeeTrigger::Arrears,
                    LineFeeAmount::PercentOfOverdue(dec!(5)),
                )
            }),
        }
        if self.get(C::Default) == 1 {
            fees.push(fee("default", LineFeeTrigger::Default, of_balance));
        }
        match self.get(C::Manual) {
            0 => {}
            1 => fees.push(fee("by-hand", LineFeeTrigger::Manual, flat)),
            _ => fees.push(fee("by-hand", LineFeeTrigger::Manual, of_balance)),
        }
        fees
    }

    /// How it is booked.
    pub fn accounting(&self) -> AccountingMethod {
        match self.get(C::Accounting) {
            1 => AccountingMethod::Cash,
            2 => AccountingMethod::None,
            _ => AccountingMethod::Accrual,
        }
    }

    fn rules(&self) -> PostingRules {
        let method = self.accounting();
        if method == AccountingMethod::None {
            return PostingRules::new(method, []).expect("no rules");
        }
        let rule = |resource, code: &str| PostingRule::new(resource, code.parse().expect("a code"));
        let rules = [
            rule(R::PortfolioControl, "portfolio"),
            rule(R::FundSource, "bank"),
            rule(R::InterestReceivable, "interest-receivable"),
            rule(R::FeeReceivable, "fee-receivable"),
            rule(R::PenaltyReceivable, "penalty-receivable"),
            rule(R::InterestIncome, "interest-income"),
            rule(R::FeeIncome, "fee-income"),
            rule(R::PenaltyIncome, "penalty-income"),
            rule(R::TaxesPayable, "taxes"),
            rule(R::WriteOffExpense, "write-off"),
            rule(R::CreditBalance, "credit-balances"),
            rule(R::GoodwillExpense, "goodwill"),
            rule(R::RecoveryIncome, "recovery"),
        ];
        PostingRules::new(method, rules).expect("one rule a resource")
    }
}

impl Choice {
    /// Whether the second model knows it, or balances do not depend on it.
    const fn is_modelled(self) -> bool {
        matches!(
            self,
            Self::Accounting
                | Self::Rule
                | Self::Within
                | Self::Limits
                | Self::AboveLimit
                | Self::Due
                | Self::Statements
                | Self::Order
                | Self::DefaultAfter
                | Self::Tolerance
        )
    }
}

impl simulate::Contract for Contract {
    type What = What;
    type Lived = Lived;
    const OPENING: &str = "activate";

    fn start() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default()
    }

    fn simpler(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for at in 0..ALL.len() {
            if self.chosen[at] > 0 {
                let mut simpler = *self;
                simpler.chosen[at] = 0;
                all.push(simpler);
            }
        }
        all
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a line of 2,000.00 KES at 24 %")?;
        for (choice, _) in ALL {
            if self.get(choice) > 0 {
                write!(f, ", {choice:?} {}", self.get(choice))?;
            }
        }
        Ok(())
    }
}
