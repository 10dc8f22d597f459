//! From the terms of a case to a contract.

use chrono::NaiveDate;
use ledger::{
    GlCode, Rounding,
    posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules},
};
use lending_core::{
    dates::{Calendar, DueDateRule, FirstDue, MonthEnd, Period},
    day_count::DayCount,
    loan::{
        AfterChargeOff, AllocationOrder, AllocationOverride, AllocationTerms, ArrearsTerms,
        BalanceInterest, Bucket, ChargeOffTerms, ChargedBack, ChargesDue, Compounding,
        CompoundingOf, CreditKind, DelinquencyRange, Direction, Element, FeeAmount, FeeTerms,
        FeeTrigger, FutureMoney, IncomeChargedOff, InterestBasis, LevelBasis, LoanTerms,
        OverdueInterest, PaidEarly, Recalculation, Rest, Timing, code,
    },
    schedule::{
        Amortization, AnnuityFormula, ElementRounding, Equalise, InterestDays, InterestMethod,
        Multiple, OddFirstPeriod, Rate, Residue, ScheduleTerms, generate,
    },
    store::AccrualPosting,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::{
    Verdict,
    values::{decimal, field, parse_date, text},
};

/// What a case agreed on.
#[derive(Clone)]
pub(super) struct Contract {
    pub(super) terms: LoanTerms,
    pub(super) submitted: NaiveDate,
    /// Whether the down payment is taken at disbursement.
    pub(super) down_payment: Option<Decimal>,
    /// Whether it is a progressive loan whose interest is recalculated.
    pub(super) recalculates: bool,
    /// Whether whatever is entered shows the loan as of the day of entry.
    pub(super) as_of_entry: bool,
}

fn skip<T>(feature: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Skip(feature.into()))
}

fn get<'a>(terms: &'a Value, name: &str) -> Option<&'a Value> {
    terms.get(name).filter(|value| !value.is_null())
}

/// Facts of the past, all entered on one day: overdue principal counts up to that day.
fn as_of_entry(terms: &Value) -> bool {
    get(terms, "recalculated_as_of").is_some_and(|of| of == "business_date")
}

fn word<'a>(terms: &'a Value, name: &str) -> Result<&'a str, Verdict> {
    Ok(text(field(terms, name)?)?)
}

pub(super) fn read(terms: &Value, events: &Value) -> Result<Contract, Verdict> {
    let currency = word(terms, "currency")?
        .parse()
        .map_err(|error| format!("{error}"))?;
    let progressive = match word(terms, "engine")? {
        "progressive" => true,
        "cumulative" => false,
        other => return skip(format!("engine {other}")),
    };
    let expected = parse_date(word(terms, "expected_disbursement")?)?;
    let first_event = events
        .as_array()
        .and_then(|events| events.first())
        .and_then(|event| event.get("date"))
        .and_then(Value::as_str)
        .map_or(Ok(expected), parse_date)?;
    let down = get(terms, "down_payment");
    let auto = |down: &&Value| down.get("auto_paid") == Some(&Value::Bool(true));
    Ok(Contract {
        terms: LoanTerms {
            currency,
            principal: most_lent(terms, events)?,
            expected_disbursement: expected,
            tranches: terms.get("multi_disburse") == Some(&Value::Bool(true)),
            schedule: schedule(terms, progressive, expected)?,
            interest_basis: interest_basis(terms, progressive)?,
            level_basis: level_basis(terms, progressive)?,
            allocation: allocation(terms, progressive)?,
            arrears: ArrearsTerms {
                tolerance_days: get(terms, "arrears_grace_days")
                    .and_then(Value::as_u64)
                    .and_then(|days| days.try_into().ok())
                    .unwrap_or(0),
                tolerance_floor: get(terms, "in_arrears_tolerance")
                    .map_or(Ok(Decimal::ZERO), decimal)?,
                delinquency: delinquency()?,
                ..ArrearsTerms::default()
            },
            charge_off: ChargeOffTerms {
                schedule: match get(terms, "charge_off_behaviour").map(text).transpose()? {
                    None | Some("regular") => AfterChargeOff::RunsOn,
                    Some("zero_interest") => AfterChargeOff::WithoutInterest,
                    Some("accelerate_maturity") => AfterChargeOff::DueAtOnce,
                    Some(other) => return skip(format!("charge-off {other}")),
                },
                income: IncomeChargedOff::Scheduled,
            },
            penalty: None,
            index: None,
            safeguards: lending_core::loan::Safeguards::default(),
            fees: disbursement_fees(terms, events)?,
            calendar: Calendar::default(),
            accounting: accounting()?,
            accrual_posting: AccrualPosting::default(),
        },
        submitted: expected.min(first_event),
        recalculates: progressive && get(terms, "interest_recalculation").is_some(),
        as_of_entry: as_of_entry(terms),
        down_payment: down
            .filter(auto)
            .map(|down| decimal(field(down, "percent")?))
            .transpose()?,
    })
}

/// The principal, or what the events approve or pay out if that is more: some cases lend above it.
fn most_lent(terms: &Value, events: &Value) -> Result<Decimal, Verdict> {
    let (mut payouts, mut most) = (Vec::new(), decimal(field(terms, "principal")?)?);
    let refused = |event: &&Value| event.get("expect").is_some_and(|how| how == "rejected");
    let events = events.as_array().into_iter().flatten();
    for event in events.filter(|event| !refused(event)) {
        match event.get("type").and_then(Value::as_str) {
            Some("disburse") => payouts.push(decimal(field(event, "amount")?)?),
            Some("undo_last_disbursal") => {
                payouts.pop();
            }
            Some("undo_disbursal") => payouts.clear(),
            Some("approve") => {
                let approved = get(event, "amount").map(decimal).transpose()?;
                most = most.max(approved.unwrap_or(most));
            }
            _ => {}
        }
        most = most.max(payouts.iter().sum());
    }
    Ok(most)
}

/// Charges at disbursement, of the first payout or of every one, agreed before the first are fees
/// of the contract here.
fn disbursement_fees(terms: &Value, events: &Value) -> Result<Vec<FeeTerms>, Verdict> {
    let of = |event: &Value, name: &str, value: &str| event.get(name).is_some_and(|v| v == value);
    let mut fees = Vec::new();
    let before = events.as_array().into_iter().flatten();
    for event in before.take_while(|event| !of(event, "type", "disburse")) {
        let kinds = ["disbursement", "tranche_disbursement"];
        let at_payout = kinds.iter().any(|kind| of(event, "kind", kind));
        if !of(event, "type", "charge") || !at_payout {
            continue;
        }
        let amount = match (get(event, "percent"), get(event, "basis")) {
            (None, _) => FeeAmount::Flat(decimal(field(event, "amount")?)?),
            (Some(percent), Some(basis))
                if ["disbursed_amount", "principal"].iter().any(|b| basis == b) =>
            {
                FeeAmount::PercentOfPrincipal(decimal(percent)?)
            }
            (Some(percent), Some(basis)) => {
                let fee = scheduled(terms, text(basis)?)? * decimal(percent)?;
                FeeAmount::Flat((fee / Decimal::ONE_HUNDRED).round_dp(2))
            }
            (Some(_), None) => return skip("disbursement charge in percent of nothing"),
        };
        fees.push(FeeTerms {
            tax: None,
            name: code("disbursement_fee").map_err(|error| format!("{error}"))?,
            trigger: FeeTrigger::DeductedFromDisbursement,
            amount,
            amortisation: None,
        });
    }
    Ok(fees)
}

/// What a charge agreed before disbursement is in percent of, by the schedule of the application.
fn scheduled(terms: &Value, basis: &str) -> Result<Decimal, Verdict> {
    let currency = word(terms, "currency")?
        .parse()
        .map_err(|error| format!("{error}"))?;
    let on = parse_date(word(terms, "expected_disbursement")?)?;
    let progressive = word(terms, "engine")? == "progressive";
    let principal = decimal(field(terms, "principal")?)?;
    let schedule = schedule(terms, progressive, on)?;
    let made = generate(&schedule, principal, currency, on, &Calendar::default());
    let made = made.map_err(|error| format!("{error}"))?;
    let interest: Decimal = made.instalments.iter().map(|row| row.interest).sum();
    match basis {
        "interest" => Ok(interest),
        "principal_plus_interest" => Ok(principal + interest),
        other => skip(format!("disbursement charge in percent of {other}")),
    }
}

fn count(terms: &Value, name: &str) -> Result<u32, Verdict> {
    let number = field(terms, name)?
        .as_u64()
        .and_then(|number| number.try_into().ok());
    Ok(number.ok_or_else(|| format!("cannot read the case: {name}"))?)
}

/// The interval of the instalments.
fn interval(terms: &Value) -> Result<Period, Verdict> {
    let every = count(terms, "repay_every")?;
    Ok(match word(terms, "unit")? {
        // On days of their own, see `schedule`.
        "semi_months" => Period::Days(15),
        "years" => Period::Years(every),
        "months" => Period::Months(every),
        "weeks" => Period::Weeks(every),
        "days" => Period::Days(every),
        other => return skip(format!("instalments every {other}")),
    })
}

/// A length in the unit of an interval.
const fn with_length(unit: Period, length: u32) -> Period {
    match unit {
        Period::Days(_) => Period::Days(length),
        Period::Weeks(_) => Period::Weeks(length),
        Period::Months(_) => Period::Months(length),
        Period::Years(_) => Period::Years(length),
    }
}

fn level_basis(terms: &Value, progressive: bool) -> Result<LevelBasis, Verdict> {
    let free = decimal(field(terms, "annual_rate_pct")?)?.is_zero();
    let recalculated = get(terms, "interest_recalculation").is_some();
    match get(terms, "emi_basis").map(text).transpose()? {
        // A cumulative schedule is made anew from the first day with every tranche.
        None | Some("disbursed_principal") if free && !progressive && !recalculated => {
            Ok(LevelBasis::LentFromStart)
        }
        None | Some("disbursed_principal") => Ok(LevelBasis::Lent),
        Some("approved_principal") => Ok(LevelBasis::Approved),
        Some(other) => skip(format!("instalment on {other}")),
    }
}

fn schedule(
    terms: &Value,
    progressive: bool,
    disbursed: NaiveDate,
) -> Result<ScheduleTerms, Verdict> {
    let every = interval(terms)?;
    let rate = Rate::per_year(decimal(field(terms, "annual_rate_pct")?)?);
    let mut schedule = ScheduleTerms::new(count(terms, "count")?, every, rate);
    if word(terms, "unit")? == "semi_months" {
        let days = field(terms, "due_days")?.as_array();
        let days = days.ok_or("cannot read the case: due_days")?.iter();
        let day = |day: &Value| day.as_u64().and_then(|day| u8::try_from(day).ok());
        let days: Option<Vec<u8>> = days.map(day).collect();
        schedule.due_dates = DueDateRule::FixedDaysOfMonth {
            days: days.ok_or("cannot read the case: due_days")?,
            month_end: MonthEnd::Clamp,
        };
        schedule.interest.odd_first_period = OddFirstPeriod::Nominal;
    } else if let Some(length) = get(terms, "fixed_length") {
        let length = length.as_u64().and_then(|n| u32::try_from(n).ok());
        let length = length.ok_or("cannot read the case: fixed_length")?;
        let unit = with_length(every, length);
        let dates = (1..=schedule.instalments).map(|number| {
            if number == schedule.instalments {
                unit.after(disbursed, 1, MonthEnd::Clamp)
            } else {
                every.after(disbursed, number, MonthEnd::Clamp)
            }
        });
        let dates: Option<Vec<_>> = dates.collect();
        let dates = dates.ok_or("cannot read the case: fixed_length")?;
        schedule.due_dates = DueDateRule::Explicit { dates };
    } else if let Some(rule) = get(terms, "month_end") {
        let month_end = match text(rule)? {
            "first_day_of_next_month" => MonthEnd::RollToFirst,
            "last_day_of_month" => MonthEnd::Clamp,
            other => return skip(format!("month end {other}")),
        };
        schedule.due_dates = DueDateRule::Interval { every, month_end };
    } else if let Some(first) = get(terms, "first_due") {
        let first = parse_date(text(first)?)?;
        if every.after(disbursed, 1, MonthEnd::Clamp) != Some(first) {
            schedule.first_due = FirstDue::On(first);
        }
    }
    interest(terms, progressive, &mut schedule)?;
    if let Some(grace) = get(terms, "grace") {
        let of = |name: &str| grace.get(name).and_then(Value::as_u64).unwrap_or(0);
        schedule.grace.principal = of("principal_installments").try_into().unwrap_or(0);
        let deferred = of("interest_payment_installments");
        schedule.grace.interest_deferred = deferred.try_into().unwrap_or(0);
        schedule.grace.interest_free = of("interest_free_installments").try_into().unwrap_or(0);
    }
    if let Some(down) = get(terms, "down_payment") {
        schedule.down_payment_percent = Some(decimal(field(down, "percent")?)?);
    }
    Ok(schedule)
}

fn interest(terms: &Value, progressive: bool, schedule: &mut ScheduleTerms) -> Result<(), Verdict> {
    let count = field(terms, "day_count")?;
    let named = ["days_in_year", "days_in_month", "custom_strategy"];
    for (name, value) in count.as_object().into_iter().flatten() {
        if !named.contains(&name.as_str()) && !value.is_null() {
            return skip(format!("day count with {}", name.replace('_', " ")));
        }
    }
    let (year, month) = (word(count, "days_in_year")?, word(count, "days_in_month")?);
    let leap = match get(count, "custom_strategy").map(text).transpose()? {
        None | Some("FULL_LEAP_YEAR" | "full_leap_year") => DayCount::ActActCalendarYear,
        Some("FEB_29_PERIOD_ONLY" | "feb_29_period_only") => DayCount::ActActLeapDay,
        Some(other) => return skip(format!("days in year {other}")),
    };
    let daily = word(terms, "interest_calc_period")? == "daily";
    // A cumulative loan has 52 weeks in a year where weeks are not counted in days.
    let weeks = !progressive && !daily && word(terms, "unit")? == "weeks";
    let interest = &mut schedule.interest;
    interest.day_count = match (year, month) {
        _ if weeks => DayCount::Act364,
        ("360", "30") => DayCount::Thirty360E,
        ("actual", _) if progressive => leap,
        ("actual" | "365", _) => DayCount::Act365Fixed,
        ("360", _) => DayCount::Act360,
        ("364", _) => DayCount::Act364,
        _ => return skip(format!("days in year {year}, in month {month}")),
    };
    let flat = word(terms, "interest_method")? == "flat";
    interest.days = if (year, month) == ("360", "30") || (!daily && (flat || !progressive)) {
        InterestDays::Nominal
    } else if month == "30" {
        InterestDays::ThirtyDayMonths
    } else {
        InterestDays::Counted
    };
    interest.method = match word(terms, "interest_method")? {
        "declining_balance" => InterestMethod::Declining,
        "flat" => InterestMethod::Flat,
        other => return skip(format!("interest method {other}")),
    };
    if progressive && get(terms, "schedule_start").is_some() {
        // Paid out after the first period began: the share of its days.
        interest.odd_first_period = OddFirstPeriod::PeriodsAndShare;
    } else if !progressive {
        // Part of a period, where the loan charges for it.
        interest.odd_first_period = match get(terms, "allow_partial_period_interest") {
            Some(Value::Bool(false)) => OddFirstPeriod::Nominal,
            _ => OddFirstPeriod::PeriodsAndShare,
        };
    }
    schedule.amortization = match word(terms, "amortization")? {
        "equal_principal_payments" => Amortization::equal_principal(),
        "equal_installments" if progressive => Amortization::EqualInstalments {
            formula: AnnuityFormula::Factor,
            equalise: Equalise::OneCorrection,
            amount: get(terms, "installment_amount").map(decimal).transpose()?,
        },
        "equal_installments" => Amortization::EqualInstalments {
            formula: if daily {
                AnnuityFormula::ClosedFormByDays
            } else {
                AnnuityFormula::ClosedForm
            },
            equalise: Equalise::LastTakesRest,
            amount: get(terms, "installment_amount").map(decimal).transpose()?,
        },
        other => return skip(format!("amortization {other}")),
    };
    schedule.rounding.mode = match word(terms, "rounding")? {
        "HALF_EVEN" => Rounding::HalfEven,
        "HALF_UP" => Rounding::HalfUp,
        "UP" => Rounding::Up,
        "DOWN" => Rounding::Down,
        "HALF_DOWN" => Rounding::HalfDown,
        "CEILING" => Rounding::Ceiling,
        "FLOOR" => Rounding::Floor,
        other => return skip(format!("rounding {other}")),
    };
    if !progressive && interest.method == InterestMethod::Flat {
        schedule.rounding.residue = Residue::PrincipalAndInterest;
    }
    schedule.rounding.significant_digits = Some(if progressive { 19 } else { 12 });
    schedule.rounding.each_stretch = !progressive;
    if let Some(multiple) = get(terms, "currency_multiple_of") {
        schedule.rounding.elements = ElementRounding::WholeUnits;
        let (of, mode) = (decimal(multiple)?, Rounding::HalfUp);
        schedule.rounding.multiple = Some(Multiple { of, mode });
    }
    let equal = word(terms, "amortization")? == "equal_installments";
    if let Some(multiple) = get(terms, "installment_multiple_of").filter(|_| equal) {
        schedule.rounding.elements = ElementRounding::Total;
        // A tie goes up here, whatever the rounding of amounts.
        let mode = Rounding::HalfUp;
        schedule.rounding.multiple = Some(Multiple {
            of: decimal(multiple)?,
            mode,
        });
    }
    Ok(())
}

fn interest_basis(terms: &Value, progressive: bool) -> Result<InterestBasis, Verdict> {
    let Some(recalculation) = get(terms, "interest_recalculation") else {
        return Ok(InterestBasis::OnSchedule);
    };
    let overdue = if as_of_entry(terms) {
        OverdueInterest::EveryDay
    } else if !progressive {
        OverdueInterest::ByTransaction
    } else if terms.get("cob_recalculates_interest") == Some(&Value::Bool(true)) {
        OverdueInterest::EveryDay
    } else {
        OverdueInterest::ByPeriodEnd
    };
    let rest = match word(recalculation, "rest")? {
        "daily" => Rest::Daily,
        "same_as_repayment" | "same_as_repayment_period" => Rest::DueDates,
        other => return skip(format!("interest recalculated at rest {other}")),
    };
    let rest = match word(recalculation, "pre_close")? {
        // A progressive loan rests on due dates where it is closed on them, too.
        "till_pre_close_date" if progressive => Rest::Daily,
        "till_pre_close_date" => rest,
        "till_rest_frequency_date" if rest == Rest::Daily || progressive => rest,
        other => return skip(format!("interest of early closing {other}")),
    };
    Ok(InterestBasis::OnBalance(BalanceInterest {
        overdue,
        rest,
        compounding: compounding(terms, recalculation)?,
        ..BalanceInterest::default()
    }))
}

fn compounding(terms: &Value, recalculation: &Value) -> Result<Option<Compounding>, Verdict> {
    let of = match word(recalculation, "compounding")? {
        "none" => return Ok(None),
        "interest" => CompoundingOf::Interest,
        "fee" | "fees" => CompoundingOf::Charges,
        "interest_and_fee" | "interest_and_fees" | "both" => CompoundingOf::InterestAndCharges,
        other => return skip(format!("overdue {other} compounded")),
    };
    let every = match word(recalculation, "compounding_frequency")? {
        "monthly" => Period::Months(1),
        "weekly" => Period::Weeks(1),
        "daily" => Period::Days(1),
        "same_as_repayment" | "same_as_repayment_period" => interval(terms)?,
        other => return skip(format!("interest compounded {other}")),
    };
    Ok(Some(Compounding { of, every }))
}

fn allocation(terms: &Value, progressive: bool) -> Result<AllocationTerms, Verdict> {
    let order = field(terms, "allocation")?
        .as_array()
        .ok_or("cannot read the case: allocation")?;
    let order: Vec<&str> = order.iter().map(text).collect::<Result<_, _>>()?;
    let recalculated = get(terms, "interest_recalculation").is_some();
    let mut allocation = AllocationTerms {
        order: read_order(&order)?,
        charges_due: match word(terms, "allocation_style")? {
            "due_then_in_advance" => ChargesDue::OnTheirDate,
            _ => ChargesDue::WithInstalment,
        },
        direction: match get(terms, "processing").map(text).transpose()? {
            Some("vertical") => Direction::Vertical,
            _ => Direction::Horizontal,
        },
        ..AllocationTerms::default()
    };
    if recalculated && !progressive {
        let rule = word(field(terms, "interest_recalculation")?, "advance_payment")?;
        allocation.future = FutureMoney::ReducePrincipal(match rule {
            "reduce_emi_amount" => Recalculation::ReduceInstalment,
            "reschedule_next_repayments" => Recalculation::NextInstalments,
            "reduce_number_of_installments" => Recalculation::ReduceNumber,
            other => return skip(format!("advance payment {other}")),
        });
    }
    let kinds = get(terms, "interest_refund").and_then(Value::as_array);
    for kind in kinds.into_iter().flatten() {
        allocation.refunds_interest.push(credit_kind(text(kind)?)?);
    }
    if recalculated && progressive {
        allocation.paid_early = PaidEarly::KeepsTotal;
    }
    if let Some(order) = get(terms, "credit_allocation") {
        let of = get(order, "chargeback").unwrap_or(order);
        let order = of
            .as_array()
            .ok_or("cannot read the case: credit_allocation")?;
        let elements = order.iter().map(|name| element(text(name)?));
        allocation.charged_back = ChargedBack::InOrder(elements.collect::<Result<_, _>>()?);
    }
    let rules = get(terms, "future_installment_rule").and_then(Value::as_object);
    for (kind, rule) in rules.into_iter().flatten() {
        let future = match text(rule)? {
            "next_installment" => FutureMoney::NextInstalment,
            "last_installment" => FutureMoney::LastInstalment,
            "next_last_installment" | "next_then_last_installment" => FutureMoney::NextThenLast,
            "reamortization" => FutureMoney::Spread,
            other => return skip(format!("future money {other}")),
        };
        if kind == "default" {
            allocation.future = future;
            continue;
        }
        let kind = credit_kind(kind)?;
        let future = Some(future);
        allocation.overrides.push(AllocationOverride {
            kind,
            order: None,
            future,
        });
    }
    Ok(allocation)
}

fn credit_kind(name: &str) -> Result<CreditKind, Verdict> {
    Ok(match name {
        "repayment" => CreditKind::Repayment,
        "down_payment" => CreditKind::DownPayment,
        "charge_adjustment" => CreditKind::ChargeAdjustment,
        "interest_payment_waiver" => CreditKind::InterestPaymentWaiver,
        "interest_refund" => CreditKind::InterestRefund,
        "goodwill_credit" => CreditKind::GoodwillCredit,
        "merchant_issued_refund" => CreditKind::MerchantRefund,
        "payout_refund" => CreditKind::PayoutRefund,
        other => return skip(format!("a rule for {}", other.replace('_', " "))),
    })
}

fn element(name: &str) -> Result<Element, Verdict> {
    Ok(match name {
        "principal" => Element::Principal,
        "interest" => Element::Interest,
        "fee" => Element::Fee,
        "penalty" => Element::Penalty,
        other => return skip(format!("allocation to {other}")),
    })
}

fn read_order(order: &[&str]) -> Result<AllocationOrder, Verdict> {
    if order.iter().all(|name| !name.contains(':')) {
        let elements = order
            .iter()
            .map(|name| element(name))
            .collect::<Result<_, _>>()?;
        return Ok(AllocationOrder::Elements(elements));
    }
    let mut buckets = Vec::new();
    // Where past due and due are not told apart, both have the order given for due.
    let split = order.iter().any(|name| name.starts_with("past_due"));
    for past in [true, false] {
        for name in order {
            let (timing, name) = name
                .split_once(':')
                .ok_or("cannot read the case: allocation")?;
            let timing = match (timing, past) {
                ("past_due", true) => Timing::PastDue,
                ("due", true) if !split => Timing::PastDue,
                ("due", false) => Timing::Due,
                ("in_advance", false) => Timing::InAdvance,
                _ => continue,
            };
            buckets.push(Bucket {
                timing,
                element: element(name)?,
            });
        }
    }
    Ok(AllocationOrder::Buckets(buckets))
}

/// The accounts that the journals of the cases name.
fn accounting() -> Result<PostingRules, Verdict> {
    let code = |name: &str| name.parse::<GlCode>().map_err(|error| format!("{error}"));
    let mut rules = Vec::new();
    for (resource, account) in [
        (R::PortfolioControl, "loans_receivable"),
        (R::FundSource, "suspense_clearing_account"),
        (R::InterestReceivable, "interest_fee_receivable"),
        (R::FeeReceivable, "interest_fee_receivable"),
        (R::PenaltyReceivable, "interest_fee_receivable"),
        (R::InterestIncome, "interest_income"),
        (R::FeeIncome, "fee_income"),
        (R::PenaltyIncome, "fee_income"),
        (R::WriteOffExpense, "written_off"),
        (R::CreditBalance, "overpayment_account"),
        (R::GoodwillExpense, "goodwill_expense_account"),
        (R::InterestForgone, "interest_income_charge_off"),
        (R::ChargesForgone, "fee_charge_off"),
        (R::ChargeOffExpense, "credit_loss_bad_debt"),
        (R::RecoveryIncome, "recoveries"),
        (R::DeferredFeeIncome, "deferred_capitalized_income"),
        (R::CapitalisedIncome, "interest_income"),
        (R::BuyDownExpense, "buy_down_expense"),
        (R::BuyDownIncome, "income_from_buy_down"),
    ] {
        rules.push(PostingRule::new(resource, code(account)?));
    }
    let channel = PostingRule::new(R::FundSource, code("fund_receivables")?);
    rules.push(channel.for_channel("money_transfer"));
    let fraud = PostingRule::new(R::ChargeOffExpense, code("credit_loss_bad_debt_fraud")?);
    rules.push(fraud.for_fee("fraud"));
    PostingRules::new(AccountingMethod::Accrual, rules)
        .map_err(|error| Verdict::Fail(format!("{error}")))
}

/// The ranges of Fineract's own tests, named by their first day.
fn delinquency() -> Result<Vec<DelinquencyRange>, Verdict> {
    let firsts = [1, 3, 30, 60, 90, 120, 150, 180, 240];
    let lasts = firsts.iter().skip(1).map(|next| Some(next - 1));
    let ranges = firsts.iter().zip(lasts.chain([None]));
    ranges
        .map(|(first_day, last_day)| {
            let name = code(&format!("range_{first_day}")).map_err(|error| error.to_string())?;
            Ok(DelinquencyRange {
                name,
                first_day: *first_day,
                last_day,
            })
        })
        .collect()
}
