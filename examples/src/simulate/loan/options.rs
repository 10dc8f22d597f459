//! Options of contracts beyond those that the second model knows.
//!
//! Each is a choice among a few, 0 being the library's default, so that a contract is drawn, printed
//! and made simpler option by option.

use std::fmt;

use fastrand::Rng;
use ledger::{Rounding, posting_rules::AccountingMethod};
use lending_core::{
    dates::{Calendar, DueDateRule, MonthEnd, NonWorkingDayRule, NthOfMonth, Period},
    day_count::DayCount,
    loan::{
        AfterChargeOff, AllocationOrder, AllocationOverride, ArrearsStart, ChargedBack, ChargesDue,
        Compounding, CompoundingOf, CreditKind, Element, FutureMoney, IncomeChargedOff,
        InterestBasis, InterestOnPrepayment, LevelBasis, LoanTerms, LockedOperations,
        OverdueInterest, Prepayment, Rest,
    },
    schedule::{
        Amortization, AnnuityFormula, Balloon, ChargeFrequency, ElementRounding, Equalise, Grace,
        InstalmentFee, InterestDays, InterestGrowth, InterestMethod, Multiple, Rate, TaxKind,
        Taxes,
    },
};
use rust_decimal::dec;

/// The options, in the order of their choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// 1 starts partial, 2 two-man rule, 3 both.
    Application,
    /// 1 cash, 2 none.
    Accounting,
    /// 1 without interest, 2 due at once; 3 to 5 the same with scheduled income.
    ChargeOff,
    /// 16 %: 1 contained, 2 on top.
    Tax,
    /// 1 percent, 2 amount, 3 both, 4 a day of the month, 5 working days, 6 from the first missed.
    Tolerance,
    /// 1 up to what is owed, 2 only what is due.
    Prepayment,
    /// Interest on the balance: 1 by due dates, 2 by transactions, 3 to 5 compounding.
    Basis,
    /// 1 charges are due on their own date.
    ChargesDue,
    /// 1 interest to date comes before principal paid early.
    PaidFirst,
    /// 1 goodwill, 2 repayments have a rule of their own.
    Override,
    /// One of the day counts.
    DayCount,
    /// 1 nominal periods, 2 months of thirty days.
    Days,
    /// 1 effective.
    Growth,
    /// 1, 2 of principal, 3 interest deferred, 4 interest free, 5 both kinds.
    Grace,
    /// 1 ten per cent.
    DownPayment,
    /// One of the seven kinds.
    ScheduleFee,
    /// 1 two weeks, 2 ten days, 3 two days of the month, 4 the last day, 5 second Tuesdays.
    DueDates,
    /// Weekends off: 1 next, 2 previous, 3 modified next, 4 extend.
    Calendar,
    /// 1 down, 2 half even, 3 up, 4 whole units, 5 whole totals, 6 none.
    Rounding,
    /// 1 three decimals.
    Currency,
    /// 1 on what was approved.
    Level,
    /// 1 interest only, 2 penalties only.
    Locked,
    /// 1 five days.
    UndoClose,
    /// 1 every second, 2 percent, 3 graded, 4 balloon, 5 bullet, 6 an amount given.
    Amortization,
    /// 1 what was paid, principal first, 2 principal last.
    ChargedBack,
    /// 1 none, 2 36 % a year, 3 2 % a month, 4 free of interest.
    Rate,
}

use Choice as O;

const ALL: [(Choice, u8); 26] = [
    (O::Application, 4),
    (O::Accounting, 3),
    (O::ChargeOff, 6),
    (O::Tax, 3),
    (O::Tolerance, 7),
    (O::Prepayment, 3),
    (O::Basis, 6),
    (O::ChargesDue, 2),
    (O::PaidFirst, 2),
    (O::Override, 3),
    (O::DayCount, 16),
    (O::Days, 3),
    (O::Growth, 2),
    (O::Grace, 6),
    (O::DownPayment, 2),
    (O::ScheduleFee, 8),
    (O::DueDates, 6),
    (O::Calendar, 5),
    (O::Rounding, 7),
    (O::Currency, 2),
    (O::Level, 2),
    (O::Locked, 3),
    (O::UndoClose, 2),
    (O::Amortization, 7),
    (O::ChargedBack, 3),
    (O::Rate, 5),
];

const DAY_COUNTS: [DayCount; 15] = [
    DayCount::Act360,
    DayCount::Act364,
    DayCount::ActActIsda,
    DayCount::ActActIcma,
    DayCount::ActActAfb,
    DayCount::ActActAfbEom,
    DayCount::ActActCalendarYear,
    DayCount::ActActLeapDay,
    DayCount::Thirty360Us,
    DayCount::Thirty360BondBasis,
    DayCount::Thirty360E,
    DayCount::Thirty360EIsda,
    DayCount::Thirty360EPlus,
    DayCount::Nl365,
    DayCount::Act365Fixed,
];

/// What is chosen for each option.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    chosen: [u8; ALL.len()],
}

impl Options {
    /// Nothing but defaults.
    pub const PLAIN: Self = Self {
        chosen: [0; ALL.len()],
    };

    /// Those that the second model need not know about; of the others (unless `plain`) a few.
    pub fn draw(rng: &mut Rng, plain: bool) -> Self {
        let mut options = Self::PLAIN;
        let few = if plain { 0 } else { rng.u8(..5) };
        for (at, (option, count)) in ALL.iter().enumerate() {
            let chances = if option.is_beside() { 8 } else { few };
            if rng.u8(..24) < chances {
                options.chosen[at] = rng.u8(..*count);
            }
        }
        options
    }

    fn get(&self, option: Choice) -> u8 {
        self.chosen[option as usize]
    }

    /// Whether the second model covers it.
    pub fn is_modelled(&self) -> bool {
        let mut all = ALL.iter();
        all.all(|(option, _)| option.is_beside() || self.get(*option) == 0)
    }

    /// With one option less.
    pub fn simpler(&self) -> Vec<Self> {
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

    /// How the contract is booked.
    pub fn accounting(&self) -> AccountingMethod {
        match self.get(O::Accounting) {
            1 => AccountingMethod::Cash,
            2 => AccountingMethod::None,
            _ => AccountingMethod::Accrual,
        }
    }

    /// Settles them in a contract whose elements have an order.
    pub fn settle(&self, terms: &mut LoanTerms, elements: &[Element]) {
        self.guards(terms);
        self.money(terms, elements);
        self.interest(terms);
        self.dates(terms);
        self.instalments(terms);
    }

    fn guards(&self, terms: &mut LoanTerms) {
        let application = self.get(O::Application);
        terms.safeguards.approval.starts_partial = application & 1 == 1;
        terms.safeguards.approval.two_man_rule = application & 2 == 2;
        let charge_off = self.get(O::ChargeOff);
        terms.charge_off.schedule = match charge_off % 3 {
            1 => AfterChargeOff::WithoutInterest,
            2 => AfterChargeOff::DueAtOnce,
            _ => AfterChargeOff::RunsOn,
        };
        if charge_off >= 3 {
            terms.charge_off.income = IncomeChargedOff::Scheduled;
        }
        let arrears = &mut terms.arrears;
        match self.get(O::Tolerance) {
            1 => arrears.tolerance_percent = dec!(5),
            2 => arrears.tolerance_floor = dec!(20),
            3 => {
                arrears.tolerance_percent = dec!(2);
                arrears.tolerance_floor = dec!(15);
            }
            4 => arrears.tolerance_day = Some(31),
            5 => {
                arrears.tolerance_days = 3;
                arrears.working_days_only = true;
            }
            6 => arrears.counted_from = ArrearsStart::FirstMissed,
            _ => {}
        }
        let safeguards = &mut terms.safeguards;
        safeguards.prepayment = match self.get(O::Prepayment) {
            1 => Prepayment::UpToOwed,
            2 => Prepayment::Refused,
            _ => Prepayment::Accepted,
        };
        match self.get(O::Locked) {
            1 => {
                safeguards.locked_operations = LockedOperations {
                    interest: true,
                    fees: false,
                    penalties: false,
                };
            }
            2 => {
                safeguards.locked_operations = LockedOperations {
                    interest: false,
                    fees: false,
                    penalties: true,
                };
            }
            _ => {}
        }
        if self.get(O::UndoClose) == 1 {
            safeguards.undo_close_days = Some(5);
        }
    }

    fn money(&self, terms: &mut LoanTerms, elements: &[Element]) {
        let tax = self.get(O::Tax);
        if tax > 0 {
            let percent = Some(dec!(16));
            terms.schedule.taxes = Taxes {
                interest_percent: percent,
                fee_percent: percent,
                penalty_percent: percent,
                kind: if tax == 1 {
                    TaxKind::Inclusive
                } else {
                    TaxKind::Exclusive
                },
                ..Taxes::default()
            };
        }
        let allocation = &mut terms.allocation;
        if self.get(O::ChargesDue) == 1 {
            allocation.charges_due = ChargesDue::OnTheirDate;
        }
        if self.get(O::PaidFirst) == 1 {
            allocation.interest_on_prepayment = InterestOnPrepayment::PaidFirst;
        }
        let mut order = Element::ALL.to_vec();
        match self.get(O::ChargedBack) {
            0 => {}
            1 => allocation.charged_back = ChargedBack::InOrder(order),
            _ => {
                order.reverse();
                allocation.charged_back = ChargedBack::InOrder(order);
            }
        }
        let backwards = elements.iter().rev().copied().collect();
        let (kind, future) = match self.get(O::Override) {
            1 => (CreditKind::GoodwillCredit, FutureMoney::LastInstalment),
            2 => (CreditKind::Repayment, FutureMoney::CreditBalance),
            _ => return,
        };
        allocation.overrides.push(AllocationOverride {
            kind,
            order: Some(AllocationOrder::Elements(backwards)),
            future: Some(future),
        });
    }

    fn interest(&self, terms: &mut LoanTerms) {
        if let InterestBasis::OnBalance(basis) = &mut terms.interest_basis {
            let compounding = |of| {
                Some(Compounding {
                    of,
                    every: Period::Months(1),
                })
            };
            match self.get(O::Basis) {
                1 => basis.rest = Rest::DueDates,
                2 => basis.overdue = OverdueInterest::ByTransaction,
                3 => basis.compounding = compounding(CompoundingOf::Interest),
                4 => basis.compounding = compounding(CompoundingOf::Charges),
                5 => basis.compounding = compounding(CompoundingOf::InterestAndCharges),
                _ => {}
            }
        }
        let interest = &mut terms.schedule.interest;
        let day_count = usize::from(self.get(O::DayCount));
        if let Some(day_count) = day_count.checked_sub(1).and_then(|at| DAY_COUNTS.get(at)) {
            interest.day_count = *day_count;
        }
        interest.days = match self.get(O::Days) {
            1 => InterestDays::Nominal,
            2 => InterestDays::ThirtyDayMonths,
            _ => InterestDays::Counted,
        };
        if self.get(O::Growth) == 1 {
            interest.growth = InterestGrowth::Compound;
        }
        match self.get(O::Rate) {
            1 => interest.rate = Rate::per_year(dec!(0)),
            2 => interest.rate = Rate::per_year(dec!(36)),
            3 => {
                interest.rate = Rate {
                    percent: dec!(2),
                    per: ChargeFrequency::Month,
                };
            }
            4 => interest.method = InterestMethod::Free,
            _ => {}
        }
        if self.get(O::Level) == 1 {
            terms.level_basis = LevelBasis::Approved;
        }
        if self.get(O::Currency) == 1 {
            terms.currency = "BHD".parse().expect("a currency");
        }
    }

    fn dates(&self, terms: &mut LoanTerms) {
        let clamp = MonthEnd::Clamp;
        let days = |days| DueDateRule::FixedDaysOfMonth {
            days,
            month_end: clamp,
        };
        terms.schedule.due_dates = match self.get(O::DueDates) {
            1 => DueDateRule::every(Period::Weeks(2)),
            2 => DueDateRule::every(Period::Days(10)),
            3 => days(vec![5, 20]),
            4 => days(vec![31]),
            5 => DueDateRule::NthWeekday {
                every_months: 1,
                nth: NthOfMonth::Second,
                weekday: chrono::Weekday::Tue,
            },
            _ => return self.calendar(terms),
        };
        self.calendar(terms);
    }

    fn calendar(&self, terms: &mut LoanTerms) {
        let rule = match self.get(O::Calendar) {
            1 => NonWorkingDayRule::Next,
            2 => NonWorkingDayRule::Previous,
            3 => NonWorkingDayRule::ModifiedNext,
            4 => NonWorkingDayRule::Extend,
            _ => return,
        };
        terms.calendar = Calendar::weekends();
        terms.schedule.non_working_days = rule;
    }

    fn instalments(&self, terms: &mut LoanTerms) {
        let schedule = &mut terms.schedule;
        schedule.grace = match self.get(O::Grace) {
            0 => Grace::default(),
            count @ 1..=2 => Grace {
                principal: count.into(),
                ..Grace::default()
            },
            3 => Grace {
                interest_deferred: 1,
                ..Grace::default()
            },
            4 => Grace {
                interest_free: 1,
                ..Grace::default()
            },
            _ => Grace {
                principal: 1,
                interest_deferred: 1,
                ..Grace::default()
            },
        };
        if self.get(O::DownPayment) == 1 {
            schedule.down_payment_percent = Some(dec!(10));
        }
        let (amount, percent) = (dec!(2.50), dec!(1.5));
        schedule.fees.extend(match self.get(O::ScheduleFee) {
            0 => None,
            1 => Some(InstalmentFee::Flat { amount }),
            2 => Some(InstalmentFee::Divided { amount }),
            3 => Some(InstalmentFee::DisbursedPercentDivided { percent }),
            4 => Some(InstalmentFee::DisbursedPercent { percent }),
            5 => Some(InstalmentFee::PrincipalPercent { percent }),
            6 => Some(InstalmentFee::InterestPercent { percent }),
            _ => Some(InstalmentFee::TotalPercent { percent }),
        });
        let rounding = &mut schedule.rounding;
        let multiple = Some(Multiple {
            of: dec!(1),
            mode: Rounding::default(),
        });
        match self.get(O::Rounding) {
            1 => rounding.mode = Rounding::Down,
            2 => rounding.mode = Rounding::HalfEven,
            3 => rounding.mode = Rounding::Up,
            4 => (rounding.elements, rounding.multiple) = (ElementRounding::WholeUnits, multiple),
            5 => (rounding.elements, rounding.multiple) = (ElementRounding::Total, multiple),
            6 => rounding.elements = ElementRounding::Unrounded,
            _ => {}
        }
        match self.get(O::Amortization) {
            1 => schedule.amortization = Amortization::EqualPrincipal { every: 2 },
            2 => schedule.amortization = Amortization::PrincipalPercent { percent: dec!(10) },
            3 => {
                schedule.amortization = Amortization::GradedInstalments {
                    every: 2,
                    change_percent: dec!(5),
                };
            }
            4 => {
                let amount = dec!(100);
                schedule.amortization = Amortization::Balloon(Balloon::Principal { amount });
            }
            5 => schedule.amortization = Amortization::Bullet,
            6 => {
                schedule.amortization = Amortization::EqualInstalments {
                    formula: AnnuityFormula::default(),
                    equalise: Equalise::default(),
                    amount: Some(dec!(120)),
                };
            }
            _ => {}
        }
    }
}

impl Choice {
    /// Whether instalments and balances do not depend on it.
    const fn is_beside(self) -> bool {
        matches!(self, Self::Application | Self::Accounting)
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (option, _) in ALL {
            if self.get(option) > 0 {
                write!(f, ", {option:?} {}", self.get(option))?;
            }
        }
        Ok(())
    }
}
