//! Any flows have rates or a typed error, in order and each of them a root; the time-value functions
//! give a figure or a typed error.
#![no_main]

use arbitrary::{Result, Unstructured};
use chrono::NaiveDate;
use lending_core::cost::{
    Flow, MAX_RATE, MIN_RATE,
    apr::{self, RegularUnit, eu_interval},
    rate, rates,
    total_cost,
    tvm::{self, Due},
};
use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;

fn decimal(u: &mut Unstructured<'_>) -> Result<Decimal> {
    let digits = match u.int_in_range(0..=3)? {
        0 => u.arbitrary::<i64>()?,
        1 => u.int_in_range(-1_000..=1_000)?,
        _ => u.int_in_range(-100_000_000..=100_000_000)?,
    };
    Ok(Decimal::new(digits, u.int_in_range(0..=12)?))
}

fn date(u: &mut Unstructured<'_>) -> Result<NaiveDate> {
    let day = NaiveDate::from_num_days_from_ce_opt(u.int_in_range(584_023..=3_652_059)?);
    Ok(day.unwrap_or_default())
}

fn flows(u: &mut Unstructured<'_>) -> Result<Vec<Flow>> {
    let count = u.int_in_range(0..=40)?;
    let regular = u.arbitrary()?;
    (0..count)
        .map(|index| {
            let time = if regular { Decimal::from(index) } else { decimal(u)?.abs() };
            let simple = if u.ratio(1, 8)? {
                Decimal::new(u.int_in_range(0..=120)?, 2)
            } else {
                Decimal::ZERO
            };
            Ok(Flow { time, simple, amount: decimal(u)? })
        })
        .collect()
}

fn solved(u: &mut Unstructured<'_>) -> Result<()> {
    let flows = flows(u)?;
    let guess = if u.arbitrary()? { Some(decimal(u)?) } else { None };
    let within = |found: &Decimal| (MIN_RATE..=MAX_RATE).contains(found);
    if let Ok(found) = rate(&flows, guess) {
        assert!(within(&found), "{found}");
        let _ = apr::percent(found, 2);
    }
    if let Ok(all) = rates(&flows) {
        assert!(all.iter().all(within), "{all:?}");
        assert!(all.is_sorted(), "{all:?}");
        // With whole amounts at few times the rates can be looked at: money in is money out.
        let plain = flows.iter().all(|flow| flow.simple.is_zero() && flow.time < Decimal::TEN);
        let usual = Decimal::new(-5, 1)..=Decimal::TEN;
        for found in all.iter().filter(|found| plain && usual.contains(found)) {
            let (mut sum, mut size) = (0.0, 0.0);
            for flow in &flows {
                let (amount, time): (f64, f64) =
                    (flow.amount.try_into().unwrap(), flow.time.try_into().unwrap());
                let growth: f64 = f64::try_from(*found).unwrap() + 1.0;
                let worth = amount / growth.powf(time);
                sum += worth;
                size += worth.abs();
            }
            assert!(sum.abs() <= 1e-6 * size, "{found}: {sum} of {size}");
        }
    }
    let _ = apr::regulation_z_apr(&flows, decimal(u)?);
    if let Ok(total) = total_cost(&flows) {
        assert!(total.credit > Decimal::ZERO && total.payable >= Decimal::ZERO);
    }
    Ok(())
}

fn functions(u: &mut Unstructured<'_>) -> Result<()> {
    let due = if u.arbitrary()? { Due::Start } else { Due::End };
    let rate = if u.arbitrary()? { Decimal::new(u.int_in_range(-99..=1_000)?, 2) } else { decimal(u)? };
    let periods = u.int_in_range(0..=700)?;
    let period = u.int_in_range(0..=700)?;
    let (pv, fv, payment) = (decimal(u)?, decimal(u)?, decimal(u)?);
    let whole = tvm::pmt(rate, periods, pv, fv, due);
    let interest = tvm::ipmt(rate, period, periods, pv, fv, due);
    let principal = tvm::ppmt(rate, period, periods, pv, fv, due);
    if let (Ok(whole), Ok(interest), Ok(principal)) = (whole, interest, principal) {
        let apart = (whole - interest - principal).abs();
        assert!(apart <= whole.abs().max(interest.abs()).max(Decimal::ONE) * Decimal::new(1, 15));
    }
    let _ = tvm::fv(rate, periods, payment, pv, due);
    let _ = tvm::pv(rate, periods, payment, fv, due);
    let _ = tvm::nper(rate, payment, pv, fv, due);
    let _ = tvm::rate(periods, payment, pv, fv, due, None);
    let _ = tvm::cumipmt(rate, periods, pv, period, periods, due);
    let _ = tvm::cumprinc(rate, periods, pv, period, periods, due);
    let _ = tvm::effect(rate, period);
    let _ = tvm::nominal(rate, period);
    let _ = tvm::rri(periods, pv, fv);
    let _ = tvm::pduration(rate, pv, fv);
    let _ = tvm::rule_of_78_refund(pv, periods, period);
    let amounts: Vec<Decimal> = (0..period.min(20)).map(|_| decimal(u)).collect::<Result<_>>()?;
    let _ = (tvm::npv(rate, &amounts), tvm::irr(&amounts, None), tvm::fvschedule(pv, &amounts));
    let _ = tvm::mirr(&amounts, rate, pv);
    let mut dated = Vec::new();
    for amount in amounts {
        dated.push((date(u)?, amount));
    }
    let _ = (tvm::xirr(&dated, None), tvm::xnpv(rate, &dated));
    let unit = *u.choose(&[RegularUnit::Year, RegularUnit::Month, RegularUnit::Week])?;
    let _ = eu_interval(date(u)?, date(u)?, unit);
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let _ = if u.arbitrary().unwrap_or(false) { solved(&mut u) } else { functions(&mut u) };
});
