//! The contracts that lives are lived under.

use std::fmt;

use chrono::NaiveDate;
use ledger::posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules};
use lending_core::{
    dates::Period,
    loan::{
        AllocationOrder, AllocationTerms, Amortisation, BalanceInterest, Bucket, CapBase,
        CapMethod, CapTerms, CreditKind, DelinquencyRange, Direction, Element, FeeAmortisation,
        FeeAmount, FeeTerms, FeeTrigger, FutureMoney, IndexTerms, InterestBasis, LateInterest,
        LoanTerms, OverdueInterest, PaidEarly, PenaltyBase, PenaltyTerms, Recalculation, Timing,
        code,
    },
    schedule::{Amortization, AnnuityFormula, InterestMethod, Rate, ScheduleTerms},
};
use rust_decimal::dec;

use super::{
    command::application,
    lived::Lived,
    options::Options,
    step::{CHANNELS, REASONS, What},
};
use crate::simulate::{self, Contract as _, scenario::elements};

/// What differs between contracts; everything else is the library's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Interest follows the balance; the forecast may be made again daily.
    pub on_balance: Option<bool>,
    /// 0 equal principal, 1 level by factors, 2 level in closed form, 3 flat.
    pub method: u8,
    /// Elements over all instalments first.
    pub vertical: bool,
    /// The order of elements is one of the 24.
    pub order: u8,
    /// The twelve-bucket form instead of the order.
    pub buckets: bool,
    /// Where future money goes.
    pub future: FutureMoney,
    /// Tolerance and penalty for late payment.
    pub penalty: Option<PenaltyBase>,
    /// A lock or a cap.
    pub guard: Option<Guard>,
    /// Where interest on late principal goes: 0 with the running instalment, 1 the overdue one, 2 the
    /// last one, 3 nowhere.
    pub late: u8,
    /// When a prepaid instalment closes: 0 by its due date, 1 with its principal, 2 with its total,
    /// 3 the same, its interest making way.
    pub paid_early: u8,
    /// A fee taken at disbursement: 0 none, earned 1 by equal parts day by day, 2 by the sum of
    /// digits, 3 by the effective rate on due dates; 4 one for late payment, 5 one with the first
    /// instalment, 6 with every instalment.
    pub fee: u8,
    /// Number of instalments.
    pub instalments: u32,
    /// Commands tried on the application: eight kinds, above them nothing.
    pub applied: [u8; 5],
    /// Everything else.
    pub options: Options,
}

/// What stops charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A lock after ten days in arrears.
    LockAfter10,
    /// A soft cap at 5 % of what was lent.
    SoftCap5,
    /// A hard cap at 3 % of what is outstanding.
    HardCap3,
}

impl Contract {
    /// The plainest one.
    pub const PLAIN: Self = Self {
        on_balance: None,
        method: 0,
        vertical: false,
        order: 0,
        buckets: false,
        future: FutureMoney::NextInstalment,
        penalty: None,
        guard: None,
        late: 0,
        paid_early: 0,
        fee: 0,
        instalments: 6,
        applied: [u8::MAX; 5],
        options: Options::PLAIN,
    };

    /// The commands tried on the application.
    pub fn applied(&self) -> impl Iterator<Item = u8> {
        self.applied.into_iter().filter(|nth| *nth < 8)
    }

    /// The order of elements.
    pub fn elements(&self) -> Vec<Element> {
        elements(self.order)
    }

    /// As terms of a loan of 1,000.00 from the first day of 2024.
    pub fn terms(&self) -> LoanTerms {
        let rate = Rate::per_year(dec!(12));
        let schedule = ScheduleTerms::new(self.instalments, Period::Months(1), rate);
        let currency = "KES".parse().expect("a currency");
        let mut terms = LoanTerms::new(currency, dec!(1000), Self::start(), schedule, self.rules());
        terms.tranches = true;
        if let Some(forecast_daily) = self.on_balance {
            terms.interest_basis = InterestBasis::OnBalance(BalanceInterest {
                overdue: if forecast_daily {
                    OverdueInterest::EveryDay
                } else {
                    OverdueInterest::ByPeriodEnd
                },
                late: match self.late {
                    1 => LateInterest::OverdueInstalment,
                    2 => LateInterest::LastInstalment,
                    3 => LateInterest::NotCharged,
                    _ => LateInterest::RunningInstalment,
                },
                ..BalanceInterest::default()
            });
        }
        terms.schedule.amortization = match self.method {
            1 => Amortization::equal_instalments(AnnuityFormula::Factor),
            2 => Amortization::equal_instalments(AnnuityFormula::ClosedForm),
            _ => Amortization::equal_principal(),
        };
        if self.method == 3 {
            terms.schedule.interest.method = InterestMethod::Flat;
        }
        terms.allocation = AllocationTerms {
            order: if self.buckets {
                self.twelve()
            } else {
                AllocationOrder::Elements(self.elements())
            },
            direction: if self.vertical {
                Direction::Vertical
            } else {
                Direction::Horizontal
            },
            future: self.future,
            paid_early: match self.paid_early {
                1 => PaidEarly::ClosedWithPrincipal,
                2 => PaidEarly::ClosedWithTotal,
                3 => PaidEarly::KeepsTotal,
                _ => PaidEarly::StaysOpen,
            },
            ..AllocationTerms::default()
        };
        terms.allocation.refunds_interest =
            vec![CreditKind::MerchantRefund, CreditKind::PayoutRefund];
        terms.index = self.on_balance.map(|_| IndexTerms {
            spread: dec!(2),
            floor: Some(dec!(1)),
            ceiling: Some(dec!(25)),
            review_every: Period::Months(3),
        });
        terms.fees.extend(self.contract_fee());
        terms.arrears.delinquency = ranges();
        if let Some(base) = self.penalty {
            terms.arrears.tolerance_days = 5;
            let (daily_percent, grace_days) = (dec!(0.1), 7);
            terms.penalty = Some(PenaltyTerms {
                base,
                daily_percent,
                grace_days,
            });
        }
        match self.guard {
            None => {}
            Some(Guard::LockAfter10) => terms.safeguards.lock_after_days = Some(10),
            Some(Guard::SoftCap5) => {
                let (of, method) = (CapBase::OriginalPrincipal, CapMethod::Soft);
                let percent = dec!(5);
                terms.safeguards.cap = Some(CapTerms {
                    percent,
                    of,
                    method,
                    applies_accrued_first: method == CapMethod::Soft,
                });
            }
            Some(Guard::HardCap3) => {
                let (of, method) = (CapBase::OutstandingPrincipal, CapMethod::Hard);
                let percent = dec!(3);
                terms.safeguards.cap = Some(CapTerms {
                    percent,
                    of,
                    method,
                    applies_accrued_first: method == CapMethod::Soft,
                });
            }
        }
        self.options.settle(&mut terms, &self.elements());
        terms
    }

    fn contract_fee(&self) -> Option<FeeTerms> {
        let earned = |profile, daily| Some(FeeAmortisation { profile, daily });
        let (trigger, amortisation) = match self.fee {
            0 => return None,
            1 => (
                FeeTrigger::DeductedFromDisbursement,
                earned(Amortisation::StraightLine, true),
            ),
            2 => (
                FeeTrigger::CapitalisedAtDisbursement,
                earned(Amortisation::SumOfDigits, false),
            ),
            3 => (
                FeeTrigger::DeductedFromDisbursement,
                earned(Amortisation::EffectiveRate, true),
            ),
            4 => (FeeTrigger::LatePayment, None),
            5 => (FeeTrigger::FirstInstalment, None),
            _ => (FeeTrigger::EveryInstalment, None),
        };
        Some(FeeTerms {
            tax: None,
            name: code("contract-fee").expect("a short name"),
            trigger,
            amount: FeeAmount::PercentOfPrincipal(dec!(3)),
            amortisation,
        })
    }

    fn twelve(&self) -> AllocationOrder {
        let timings = [Timing::PastDue, Timing::Due, Timing::InAdvance];
        let all = timings.into_iter().flat_map(|timing| {
            self.elements()
                .into_iter()
                .map(move |element| Bucket { timing, element })
        });
        AllocationOrder::Buckets(all.collect())
    }

    /// Whether the second model covers it.
    pub fn is_modelled(&self) -> bool {
        let plain_future = match self.on_balance {
            None => matches!(
                self.future,
                FutureMoney::NextInstalment
                    | FutureMoney::LastInstalment
                    | FutureMoney::NextThenLast
            ),
            Some(_) => self.future == FutureMoney::ReducePrincipal(Recalculation::ReduceNumber),
        };
        plain_future
            && !self.buckets
            && self.guard.is_none()
            && self.late == 0
            && self.paid_early == 0
            && self.fee == 0
            && self.options.is_modelled()
    }
}

impl simulate::Contract for Contract {
    type What = What;
    type Lived = Lived;
    const OPENING: &str = "disburse 500.00 (transaction 1)";

    fn start() -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
    }

    fn simpler(&self) -> Vec<Self> {
        let plain = Self::PLAIN;
        let mut all = vec![
            Self {
                vertical: plain.vertical,
                ..*self
            },
            Self {
                order: plain.order,
                ..*self
            },
            Self {
                buckets: plain.buckets,
                ..*self
            },
            Self {
                penalty: plain.penalty,
                ..*self
            },
            Self {
                guard: plain.guard,
                ..*self
            },
            Self {
                late: plain.late,
                ..*self
            },
            Self {
                paid_early: plain.paid_early,
                ..*self
            },
            Self {
                fee: plain.fee,
                ..*self
            },
            Self {
                method: plain.method,
                ..*self
            },
            Self {
                instalments: plain.instalments,
                ..*self
            },
            Self {
                applied: plain.applied,
                ..*self
            },
        ];
        let less = self.options.simpler().into_iter();
        all.extend(less.map(|options| Self { options, ..*self }));
        if !matches!(self.future, FutureMoney::ReducePrincipal(_)) {
            all.push(Self {
                on_balance: plain.on_balance,
                ..*self
            });
            all.push(Self {
                future: plain.future,
                ..*self
            });
        }
        all.retain(|simpler| simpler != self);
        all
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = [
            "equal principal",
            "level (factors)",
            "level (closed form)",
            "flat",
        ];
        let method = method
            .get(usize::from(self.method))
            .unwrap_or(&"equal principal");
        write!(
            f,
            "1,000.00 KES in {} months at 12 %, {method}",
            self.instalments
        )?;
        match self.on_balance {
            None => write!(f, ", interest on the schedule")?,
            Some(daily) => write!(f, ", interest on the balance (daily forecast: {daily})")?,
        }
        let direction = if self.vertical {
            "vertical"
        } else {
            "horizontal"
        };
        let form = if self.buckets {
            "twelve buckets"
        } else {
            "elements"
        };
        write!(
            f,
            ", {direction} {form} {:?}, future money {:?}",
            self.elements(),
            self.future
        )?;
        if let Some(guard) = self.guard {
            write!(f, ", {guard:?}")?;
        }
        if self.fee > 0 {
            write!(f, ", fee {}", self.fee)?;
        }
        if self.late > 0 || self.paid_early > 0 {
            write!(f, ", late {}, paid early {}", self.late, self.paid_early)?;
        }
        if let Some(base) = self.penalty {
            write!(
                f,
                ", penalty 0.1 % a day of {base:?} after 7 days, tolerance 5"
            )?;
        }
        write!(f, "{}", self.options)?;
        if self.applied().next().is_some() {
            let names = self
                .applied()
                .map(|nth| application(nth, Self::start()).name());
            write!(f, ", application: {}", names.collect::<Vec<_>>().join(", "))?;
        }
        Ok(())
    }
}

fn ranges() -> Vec<DelinquencyRange> {
    let ends = [(1, Some(14)), (15, Some(29)), (35, Some(89)), (90, None)];
    let ranges = ends.into_iter().map(|(first_day, last_day)| {
        let name = code(&format!("from day {first_day}")).expect("a short name");
        DelinquencyRange {
            name,
            first_day,
            last_day,
        }
    });
    ranges.collect()
}

impl Contract {
    fn rules(&self) -> PostingRules {
        let method = self.options.accounting();
        if method == AccountingMethod::None {
            return PostingRules::new(method, []).expect("no rules");
        }
        let rule = |resource, code: &str| PostingRule::new(resource, code.parse().expect("a code"));
        let rules = [
            rule(R::PortfolioControl, "portfolio"),
            rule(R::FundSource, "bank"),
            rule(R::FundSource, "mobile").for_channel(CHANNELS[0]),
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
            rule(R::ChargeOffExpense, "charge-off"),
            rule(R::ChargeOffExpense, "charge-off-fraud").for_fee(REASONS[0]),
            rule(R::RecoveryIncome, "recovery"),
            rule(R::DeferredFeeIncome, "deferred"),
            rule(R::CapitalisedIncome, "capitalised-income"),
            rule(R::BuyDownExpense, "buy-down-expense"),
            rule(R::BuyDownIncome, "buy-down-income"),
            rule(R::InterBranchTransfer, "branches"),
        ];
        PostingRules::new(method, rules).expect("one rule a resource")
    }
}
