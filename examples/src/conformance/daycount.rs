//! Day-count fractions: a table `convention,start,end,...,exact`.

use lending_core::day_count::{CouponPeriod, DayCount, DayCountContext, Fraction};

use super::{Case, Outcome, Source, Verdict, source::Row, values};

/// Recognises a table with the columns of a day-count file.
pub(super) fn recognise(source: &Source) -> Option<Vec<Case>> {
    let rows = source.table(&["convention", "start", "end", "expected"])?;
    Some(rows.into_iter().map(case).collect())
}

fn case(row: Row) -> Case {
    let cell = |column| row.get(column).unwrap_or("?");
    let mut id = format!(
        "daycount:{}:{}:{}",
        cell("convention"),
        cell("start"),
        cell("end")
    );
    for (column, mark) in [("ref_start", "coupon"), ("termination", "termination")] {
        if let Some(date) = row.get(column) {
            id.push_str(&format!(":{mark}={date}"));
        }
    }
    Case::new(id, move || check(&row))
}

fn check(row: &Row) -> Outcome {
    let name = row.need("convention")?;
    let Some(convention) = convention(name) else {
        return Err(Verdict::Skip(format!("day count {name}")));
    };
    if convention == DayCount::Bus252 {
        return Err(Verdict::Skip("a calendar in the case file".to_owned()));
    }
    let date = |column| values::parse_date(row.need(column)?);
    let coupon = match row.get("ref_start") {
        None => None,
        Some(_) => Some(CouponPeriod {
            start: date("ref_start")?,
            end: date("ref_end")?,
            per_year: row
                .need("coupons_per_year")?
                .parse()
                .map_err(|reason| format!("cannot read the case: coupons_per_year: {reason}"))?,
        }),
    };
    let termination = match row.get("termination") {
        None => None,
        Some(_) => Some(date("termination")?),
    };
    let context = DayCountContext {
        coupon,
        termination,
        calendar: None,
    };
    let got = convention
        .fraction(date("start")?, date("end")?, &context)
        .map_err(|refusal| format!("refused: {refusal}"))?;
    match row.get("exact") {
        Some(exact) => {
            let expected = fraction(exact)
                .ok_or_else(|| format!("cannot read the case: {exact:?} is not a fraction"))?;
            values::same("fraction", &expected, &got.reduced())?;
        }
        None => {
            let published = values::parse_decimal(row.need("expected")?)?;
            values::same_at("fraction", published, got.to_decimal(), published.scale())?;
        }
    }
    Ok(())
}

/// The convention by its usual name; the files add the section of the definitions, or the rule
/// for the month's end, in brackets.
fn convention(name: &str) -> Option<DayCount> {
    let plain = name.split_once(" (").map_or(name, |(plain, _)| plain);
    DayCount::ALL
        .into_iter()
        .find(|convention| convention.as_str().eq_ignore_ascii_case(plain))
}

fn fraction(text: &str) -> Option<Fraction> {
    let (numerator, denominator) = text.split_once('/')?;
    Fraction::new(numerator.parse().ok()?, denominator.parse().ok()?)
}
