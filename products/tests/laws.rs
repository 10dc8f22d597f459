//! Laws of every product.

mod common;

use chrono::{Days, NaiveDate, Weekday};
use common::day;
use law_runs::runs;
use ledger::posting_rules::{AccountingMethod, PostingRules};
use lending_core::{
    dates::{Calendar, DueDateRule, MonthEnd, NonWorkingDayRule, NthOfMonth, Period},
    day_count::DayCount,
    ids::AccountId,
    loan::{CapBase, CapMethod, Command, Context, LoanAccount, TransactionId},
    schedule::{
        AnnuityFormula, BalanceTier, ChargeFrequency, ElementRounding, Equalise, InterestDays,
        Multiple, OddFirstPeriod, Residue, TierPart,
    },
};
use products::{
    LoanKind, LoanProduct, QuoteContext, QuoteRequest, Range,
    product::{
        ChargeCap, DayOfYear, DayTier, FeeAmount, FeeWhen, GraceKind, InterestKind, InterestMethod,
        PredefinedFee, PricingSettings, PrincipalSettings, ToleranceMethod,
    },
};
use proptest::{prelude::*, sample::select};
use rust_decimal::{Decimal, dec};

fn range<T: Copy + Ord>(a: T, b: T, c: T) -> Range<T> {
    let mut ends = [a, b, c];
    ends.sort();
    Range {
        min: Some(ends[0]),
        default: Some(ends[1]),
        max: Some(ends[2]),
    }
}

fn due_dates() -> impl Strategy<Value = DueDateRule> {
    let month_end = select(vec![
        MonthEnd::Clamp,
        MonthEnd::RollToFirst,
        MonthEnd::StickToEnd,
    ]);
    prop_oneof![
        (1..60_u32).prop_map(|n| DueDateRule::every(Period::Days(n))),
        (1..9_u32).prop_map(|n| DueDateRule::every(Period::Weeks(n))),
        ((1..13_u32), month_end.clone()).prop_map(|(n, month_end)| DueDateRule::Interval {
            every: Period::Months(n),
            month_end
        }),
        (
            select(vec![vec![31_u8], vec![1, 15], vec![10, 20, 30]]),
            month_end
        )
            .prop_map(|(days, month_end)| DueDateRule::FixedDaysOfMonth { days, month_end }),
        Just(DueDateRule::NthWeekday {
            every_months: 1,
            nth: NthOfMonth::Last,
            weekday: Weekday::Fri
        }),
    ]
}

fn principal() -> impl Strategy<Value = PrincipalSettings> {
    let formula = select(vec![
        AnnuityFormula::ClosedForm,
        AnnuityFormula::Factor,
        AnnuityFormula::Actus,
    ]);
    let equalise = select(vec![
        Equalise::LastTakesRest,
        Equalise::OneCorrection,
        Equalise::SmallestAmount,
    ]);
    prop_oneof![
        3 => (formula, equalise)
            .prop_map(|(formula, equalise)| PrincipalSettings::EqualInstalments { formula, equalise }),
        2 => (1..4_u32).prop_map(|every| PrincipalSettings::EqualPrincipal { every }),
        1 => (1..100_i64).prop_map(|p| PrincipalSettings::PrincipalPercent { percent: p.into() }),
        1 => Just(PrincipalSettings::Bullet),
        1 => (0..101_i64, 0..101_i64, 0..101_i64).prop_map(|(a, b, c)| PrincipalSettings::Balloon {
            percent: range(a.into(), b.into(), c.into())
        }),
        1 => (1..60_u32, 1..60_u32, 1..60_u32)
            .prop_map(|(a, b, c)| PrincipalSettings::LongerTerm { instalments: range(a, b, c) }),
        1 => Just(PrincipalSettings::PaymentPlan),
        1 => (1..7_u32, -30..31_i64).prop_map(|(every, percent)| PrincipalSettings::Graded {
            every, change_percent: percent.into()
        }),
    ]
}

fn fees() -> impl Strategy<Value = Vec<PredefinedFee>> {
    let when = select(vec![
        FeeWhen::DeductedFromDisbursement,
        FeeWhen::CapitalisedAtDisbursement,
        FeeWhen::FirstInstalment,
        FeeWhen::EveryInstalment,
        FeeWhen::EveryDueDate,
        FeeWhen::LatePayment,
        FeeWhen::Manual,
    ]);
    let amount = (select(vec![0, 1, 2, 3, 4]), 1..20_i64).prop_map(|(kind, n)| match kind {
        0 => FeeAmount::Flat(n.into()),
        1 => FeeAmount::FlatDivided(n.into()),
        2 => FeeAmount::AmountPercent(n.into()),
        3 => FeeAmount::AmountPercentDivided(n.into()),
        _ => FeeAmount::InstalmentPrincipalPercent(n.into()),
    });
    proptest::collection::vec((when, amount), 0..3).prop_map(|fees| {
        let fees = fees
            .into_iter()
            .enumerate()
            .map(|(at, (when, amount))| PredefinedFee {
                tax: None,
                name: lending_core::loan::Code::from(&format!("fee {at}")).unwrap(),
                when,
                amount,
                required: true,
                active: true,
                amortisation: None,
            });
        fees.collect()
    })
}

prop_compose! {
    /// Any settings beside any others: most of these products are refused.
    fn any_product()(
        kind in select(vec![LoanKind::FixedTerm, LoanKind::FixedTerm, LoanKind::DynamicTerm,
            LoanKind::InterestFree, LoanKind::Tranched { max_tranches: 2 }]),
        currency in select(vec!["KES", "UGX", "TND"]),
        amounts in (1..9_i64, 10..99_i64, 100..99_999_i64),
        counts in (1..9_u32, 1..30_u32, 1..60_u32),
        rates in (0..10_i64, 0..60_i64, 0..250_i64),
        flat in any::<bool>(),
        per in select(vec![ChargeFrequency::Year, ChargeFrequency::Year, ChargeFrequency::Month,
            ChargeFrequency::FourWeeks, ChargeFrequency::Week, ChargeFrequency::Day,
            ChargeFrequency::Days(10), ChargeFrequency::WholeTerm]),
        tiered in prop::bool::weighted(0.1),
        compound in prop::bool::weighted(0.2),
        day_count in select(DayCount::ALL.to_vec()),
        nominal in any::<bool>(),
        due_dates in due_dates(),
        offsets in (-9..1_i32, -3..10_i32, 0..40_i32),
        non_working in select(vec![NonWorkingDayRule::None, NonWorkingDayRule::Next,
            NonWorkingDayRule::Previous, NonWorkingDayRule::ModifiedNext, NonWorkingDayRule::Extend]),
        principal in principal(),
        grace in (select(vec![GraceKind::None, GraceKind::InterestOnly, GraceKind::Pure,
            GraceKind::InterestFree]), 0..4_u32),
        elements in select(vec![ElementRounding::Each, ElementRounding::WholeUnits, ElementRounding::Total]),
        residue in select(vec![Residue::Principal, Residue::PrincipalAndInterest]),
        down in prop::option::weighted(0.1, 1..50_i64),
        fees in fees(),
        seasons in prop::option::weighted(0.1, prop::collection::btree_set((1..13_u8, 1..32_u8), 1..4)),
        taxed in prop::option::weighted(0.1, 1..30_i64),
        by_days in prop::option::weighted(0.1, 1..90_u32),
        odd in select(vec![OddFirstPeriod::NominalAndDays, OddFirstPeriod::Counted, OddFirstPeriod::Nominal, OddFirstPeriod::PeriodsAndShare]),
        guard in prop::option::weighted(0.2, (1..30_u16, 1..50_i64)),
        tolerance in prop::option::weighted(0.1, 1..29_u8),
    ) -> LoanProduct {
        let mut product = LoanProduct::new("ANY".parse().unwrap(), "Any", currency.parse().unwrap());
        product.kind = kind;
        product.amount = range(amounts.0.into(), amounts.1.into(), amounts.2.into());
        product.instalments = range(counts.0, counts.1, counts.2);
        let free = product.kind == LoanKind::InterestFree;
        let plan = matches!(principal, PrincipalSettings::PaymentPlan);
        if tiered && !free {
            let low = BalanceTier { up_to: Some(dec!(50)), percent: rates.2.into() };
            let high = BalanceTier { up_to: None, percent: rates.1.into() };
            let part = TierPart::InsideTier;
            product.interest.pricing = PricingSettings::TieredByBalance { tiers: vec![low, high], part };
        } else if let (Some(days), false, false) = (by_days, free, plan) {
            let low = DayTier { up_to: Some(days), percent: rates.0.into() };
            let high = DayTier { up_to: None, percent: rates.1.into() };
            product.interest.pricing = PricingSettings::TieredByDays { tiers: vec![low, high] };
        } else if !free && !plan {
            product.interest.rate = range(rates.0.into(), rates.1.into(), rates.2.into());
        }
        product.interest.method = if flat { InterestMethod::Flat } else { InterestMethod::Declining };
        product.interest.per = per;
        product.interest.kind = if compound { InterestKind::Compound } else { InterestKind::Simple };
        product.interest.day_count = day_count;
        product.interest.days = if nominal { InterestDays::Nominal } else { InterestDays::Counted };
        product.interest.odd_first_period = odd;
        if let Some((days, percent)) = guard {
            product.arrears.lock_after_days = Some(days);
            let (base, method) = (CapBase::OutstandingPrincipal, CapMethod::Hard);
            let percent = percent.into();
            product.cap = Some(ChargeCap { percent, base, method, apply_accrued_first: false });
        }
        if let Some(day) = tolerance {
            product.arrears.tolerance = ToleranceMethod::DayOfNextMonth(day);
        }
        product.schedule.due_dates = due_dates;
        product.schedule.first_due_offset = range(offsets.0, offsets.1, offsets.2);
        product.schedule.non_working_days = non_working;
        product.schedule.principal = principal;
        product.schedule.grace.kind = grace.0;
        if grace.0 != GraceKind::None {
            product.schedule.grace.instalments = Range { min: None, default: Some(0), max: Some(grace.1) };
        }
        product.schedule.rounding.elements = elements;
        if elements != ElementRounding::Each {
            product.schedule.rounding.multiple = Some(Multiple { of: dec!(5), mode: Default::default() });
        }
        product.schedule.rounding.residue = residue;
        product.schedule.down_payment_percent = down.map(Decimal::from);
        product.fees = fees;
        if let Some(days) = seasons {
            product.schedule.seasons = days.into_iter().map(|(month, day)| DayOfYear { month, day }).collect();
            product.schedule.first_due_offset = Range::only(0);
        }
        if let Some(percent) = taxed {
            product.taxes.percent = Some(percent.into());
            product.taxes.on_fees = true;
            product.taxes.on_interest = product.kind != LoanKind::InterestFree;
        }
        product
    }
}

fn calendar(weekend: bool) -> Calendar {
    if weekend {
        Calendar::weekends()
    } else {
        Calendar::default()
    }
}

proptest! {
    #![proptest_config(runs(3000))]

    #[test]
    fn a_valid_product_has_a_schedule_for_every_corner(
        product in any_product(), offset in 0..2000_u64, weekend in any::<bool>(),
    ) {
        prop_assume!(product.validate().is_ok());
        let start: NaiveDate = day(2023, 1, 1).checked_add_days(Days::new(offset)).unwrap();
        if let Err(found) = product.rehearse(start, &calendar(weekend)) {
            // Hundreds of percent a day over decades outgrow any number: refused, not wrong.
            prop_assert!(found.to_string().contains("28 significant digits"), "{found}");
        }
    }

    #[test]
    fn any_product_reads_back_as_it_was_written(product in any_product()) {
        let text = product.to_json().unwrap();
        let read: LoanProduct = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read, product);
    }

    /// A contract of a product without gaps is one that an account can carry.
    #[test]
    fn an_account_can_be_opened_on_every_contract(product in any_product(), weekend in any::<bool>()) {
        prop_assume!(product.validate().is_ok());
        let calendar = calendar(weekend);
        let context = QuoteContext::new(&calendar, *product.currencies.first().unwrap());
        let on = day(2025, 1, 31);
        let request = QuoteRequest { disbursement: on, ..QuoteRequest::default() };
        let Ok(terms) = product.quote(&request, &context) else {
            prop_assume!(false);
            unreachable!()
        };
        let opened = LoanAccount::submit(AccountId::new(1), terms, on);
        prop_assert!(opened.is_ok(), "{}", opened.unwrap_err());
    }

    /// The preview shows the instalments that the account will have once the money is paid out.
    #[test]
    fn a_preview_is_what_the_account_will_owe(product in any_product(), weekend in any::<bool>()) {
        prop_assume!(product.validate().is_ok());
        let dynamic = matches!(product.kind, LoanKind::DynamicTerm | LoanKind::Tranched { .. });
        let calendar = calendar(weekend);
        let context = QuoteContext {
            carried_elsewhere: true,
            ..QuoteContext::new(&calendar, *product.currencies.first().unwrap())
        };
        let on = day(2025, 1, 31);
        let request = QuoteRequest { disbursement: on, ..QuoteRequest::default() };
        let Ok(mut preview) = product.preview(&request, &context) else {
            prop_assume!(false);
            unreachable!()
        };
        prop_assume!(preview.terms.schedule.down_payment_percent.is_none());
        // A level instalment that its first interest eats up says nothing about the level.
        let first = preview.schedule.instalments.iter().find(|row| row.number > preview.terms.schedule.grace.principal);
        let eaten = first.is_none_or(|row| row.principal <= Decimal::ONE);
        let level = matches!(product.schedule.principal, PrincipalSettings::EqualInstalments { .. });
        prop_assume!(!(dynamic && level && (eaten || starts_late(&preview))));
        preview.terms.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
        let amount = preview.terms.principal;
        let Ok(mut account) = LoanAccount::submit(AccountId::new(1), preview.terms.clone(), on) else {
            prop_assume!(dynamic, "accounts on a schedule take every contract");
            return Ok(());
        };
        for command in [Command::Approve { on }, Command::disburse(TransactionId::new(1), on, amount)] {
            account = account.decide(&command, &Context::today(on)).unwrap().account;
        }
        let owed: Vec<_> = account.instalments().iter().map(|row| (row.due_on, row.due.principal)).collect();
        let shown: Vec<_> = preview.schedule.instalments.iter().map(|row| (row.due, row.principal)).collect();
        prop_assert_eq!(owed, shown);
        // An account owes a tax on top as part of what it is on; a schedule shows it beside.
        for (owed, shown) in account.instalments().iter().zip(&preview.schedule.instalments) {
            let charged = owed.due.interest + owed.due.fee;
            let with_tax = shown.interest + shown.fee + shown.tax;
            prop_assert!(owed.due.fee == shown.fee || charged == with_tax, "{:?} {:?}", owed, shown);
        }
    }
}

/// Whether the first interest period is longer than the others by more than its interest can take.
fn starts_late(preview: &products::Preview) -> bool {
    let rows = &preview.schedule.instalments;
    let total = |at: usize| rows.get(at).map(|row| row.principal + row.interest);
    // Level instalments are equal; where the first differs, interest is above the level.
    rows.len() > 2 && total(0) != total(1)
}
