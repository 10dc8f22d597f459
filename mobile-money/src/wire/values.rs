//! Amounts, currencies and times in the forms that providers use.

use alloc::string::String;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use ledger::Currency;
use rust_decimal::Decimal;

use super::{ParseError, json::Json};
use crate::payment::{Amount, Oddity, Payment};

const PLAIN: &str = "plain digits with an optional decimal point, zero or more, at most 28 digits";

/// An exact amount that is not negative. Text must be plain digits; a JSON number may carry an
/// exponent (Java prints 1.0E7), which is read exactly.
pub(crate) fn amount(field: &'static str, value: &Json<'_>) -> Result<Option<Decimal>, ParseError> {
    let refused = |given: &str| ParseError::Amount {
        field,
        given: given.into(),
        allowed: PLAIN,
    };
    match value {
        Json::Number(digits) => exact_number(digits)
            .filter(|amount| !amount.is_sign_negative())
            .map(Some)
            .ok_or_else(|| refused(digits)),
        Json::Text(text) if text.trim().is_empty() => Ok(None),
        Json::Text(text) => amount_text(field, text).map(Some),
        _ => Ok(None),
    }
}

/// An amount written as text.
pub(crate) fn amount_text(field: &'static str, text: &str) -> Result<Decimal, ParseError> {
    plain_decimal(text.trim()).ok_or_else(|| ParseError::Amount {
        field,
        given: text.into(),
        allowed: PLAIN,
    })
}

/// Plain digits with at most one point; no sign, no exponent, no thousands mark.
pub(crate) fn plain_decimal(text: &str) -> Option<Decimal> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(part))
        .then(|| Decimal::from_str_exact(text).ok())
        .flatten()
}

/// A signed decimal: for balances.
pub(crate) fn signed_decimal(text: &str) -> Option<Decimal> {
    match text.strip_prefix('-') {
        Some(rest) => plain_decimal(rest).map(|mut amount| {
            amount.set_sign_negative(!amount.is_zero());
            amount
        }),
        None => plain_decimal(text),
    }
}

/// A JSON number, exactly, sign and exponent included.
pub(crate) fn exact_number(digits: &str) -> Option<Decimal> {
    if !digits.contains(['e', 'E']) {
        return signed_decimal(digits);
    }
    let (mantissa, exponent) = digits.split_once(['e', 'E'])?;
    let exponent: i32 = exponent
        .strip_prefix('+')
        .unwrap_or(exponent)
        .parse()
        .ok()?;
    let mut value = signed_decimal(mantissa)?.normalize();
    let ten = Decimal::TEN;
    if exponent >= 0 {
        for _ in 0..exponent.min(60) {
            value = value.checked_mul(ten)?;
        }
        return (exponent <= 60 || value.is_zero()).then_some(value);
    }
    // Moving the point left is exact as long as the scale fits.
    let scale = value.scale().checked_add(exponent.unsigned_abs())?;
    (scale <= 28)
        .then(|| value.set_scale(scale).ok().map(|()| value))
        .flatten()
}

/// The currency by its code. A code outside ISO 4217 leaves the payment without currency and is
/// noted: a receipt must not be lost over it.
pub(crate) fn currency(payment: &mut Payment, value: &Json<'_>) {
    if let Some(code) = value.word() {
        set_currency(payment, code);
    }
}

pub(crate) fn set_currency(payment: &mut Payment, code: &str) {
    match Currency::from_code(code) {
        Ok(currency) => payment.currency = Some(currency),
        Err(_) => payment.oddities.push(Oddity::Currency(code.into())),
    }
}

/// The currency that follows from the provider when the message names none.
pub(crate) fn implied_currency(payment: &mut Payment, code: &str) {
    if payment.currency.is_none()
        && payment.amount.is_some()
        && let Ok(currency) = Currency::from_code(code)
    {
        payment.currency = Some(currency);
        payment.currency_implied = true;
    }
}

/// `"name|KES|15.50"`.
pub(crate) fn charge(payment: &mut Payment, text: &str) {
    for part in text.split('&').filter(|part| !part.trim().is_empty()) {
        let mut fields = part.rsplit('|');
        let amount = fields.next().and_then(|text| signed_decimal(text.trim()));
        let currency = fields.next().map(str::trim).map(Currency::from_code);
        match (amount, currency) {
            (Some(amount), Some(Ok(currency))) => payment.fees.push(Amount {
                amount,
                currency: Some(currency),
            }),
            _ => payment.oddities.push(Oddity::Fee(part.into())),
        }
    }
}

/// Notes a time that could not be read, and passes on one that could.
pub(crate) fn time(
    payment: &mut Payment,
    value: &Json<'_>,
    read: impl Fn(&str) -> Option<DateTime<Utc>>,
) {
    let Some(text) = value.word() else { return };
    let text = String::from(text);
    match read(&text) {
        Some(time) => payment.provider_time = Some(time),
        None => payment.oddities.push(Oddity::Time(text)),
    }
}

/// East Africa Time is UTC+3 all year; Daraja's times carry no zone.
pub(crate) const EAST_AFRICA_HOURS: i64 = 3;

fn local(text: &str, form: &str, hours_east: i64) -> Option<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(text, form).ok()?;
    let shift = TimeDelta::try_hours(hours_east)?;
    Some(naive.checked_sub_signed(shift)?.and_utc())
}

/// `YYYYMMDDHHmmss`, East Africa Time.
pub(crate) fn daraja_time(text: &str) -> Option<DateTime<Utc>> {
    (text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| local(text, "%Y%m%d%H%M%S", EAST_AFRICA_HOURS))
        .flatten()
}

/// `DD.MM.YYYY HH:MM:SS`, East Africa Time, or the 14-digit form.
pub(crate) fn daraja_result_time(text: &str) -> Option<DateTime<Utc>> {
    daraja_time(text).or_else(|| local(text, "%d.%m.%Y %H:%M:%S", EAST_AFRICA_HOURS))
}

/// RFC 3339 with a zone.
pub(crate) fn rfc3339(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}
