//! Instalments as rows of a view.
//!
//! The state of an account is compact bytes, which the host alone can read. A maintained table of
//! instalments would be rewritten with every change of its account: twelve rows and their index
//! for each one written today. So the view decodes what it is asked for, by a function that the
//! host gives to the connection.

use chrono::NaiveDate;
use ledger::{Currency, Money};
use lending_core::{
    loan::{Amounts, LoanAccount},
    store::{AccountKind, AccrualPlan, StoreError},
};
use rusqlite::{
    Error,
    functions::{Context, FunctionFlags},
    types::ValueRef,
};
use serde_json::json;

use crate::{
    error::{backend, corrupt},
    read::plan_of,
    reports::Reports,
    value::to_day,
};

/// Amounts of an instalment in whole minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstalmentAmounts {
    /// Principal.
    pub principal: i64,
    /// Interest.
    pub interest: i64,
    /// Fees.
    pub fees: i64,
    /// Penalties.
    pub penalties: i64,
}

/// An instalment as `report_schedule` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduledInstalment {
    /// Its number, from 1.
    pub number: u16,
    /// When it is due.
    pub due_on: NaiveDate,
    /// What is due; of periods that have not ended, the forecast.
    pub expected: InstalmentAmounts,
    /// What was paid.
    pub paid: InstalmentAmounts,
    /// What is neither paid nor waived nor written off.
    pub outstanding: InstalmentAmounts,
}

impl ScheduledInstalment {
    /// The instalments of a loan.
    ///
    /// # Errors
    /// In words, when an amount is not a whole number of minor units within 64 bits.
    pub fn of_loan(loan: &LoanAccount) -> Result<Vec<Self>, String> {
        let currency = loan.terms().currency;
        let of = |row: &lending_core::loan::Instalment| {
            let open = row.open_amounts().map_err(|error| error.to_string())?;
            Ok(Self {
                number: row.number,
                due_on: row.due_on,
                expected: minor(&row.due, currency)?,
                paid: minor(&row.paid, currency)?,
                outstanding: minor(&open, currency)?,
            })
        };
        loan.instalments().iter().map(of).collect()
    }
}

fn minor(amounts: &Amounts, currency: Currency) -> Result<InstalmentAmounts, String> {
    let minor = |amount| {
        let minor = Money::new(amount, currency).to_minor();
        let minor = minor.map_err(|error| error.to_string())?;
        i64::try_from(minor).map_err(|_| format!("{amount} is beyond 64 bits of minor units"))
    };
    Ok(InstalmentAmounts {
        principal: minor(amounts.principal)?,
        interest: minor(amounts.interest)?,
        fees: minor(amounts.fee)?,
        penalties: minor(amounts.penalty)?,
    })
}

/// What a row of `report_schedule` is made of: the numbers are places in the function's answer.
const VIEW: &str = "CREATE TEMP VIEW report_schedule AS
    SELECT lower(hex(account.id)) AS account, account.reference, lower(hex(holder)) AS holder,
           product, branch, account.currency, minor_units,
           row.value ->> 0 AS instalment,
           date((row.value ->> 1) * 86400, 'unixepoch') AS due_date,
           row.value ->> 2 AS principal_expected, row.value ->> 3 AS interest_expected,
           row.value ->> 4 AS fees_expected, row.value ->> 5 AS penalties_expected,
           row.value ->> 6 AS principal_paid, row.value ->> 7 AS interest_paid,
           row.value ->> 8 AS fees_paid, row.value ->> 9 AS penalties_paid,
           row.value ->> 10 AS principal_outstanding, row.value ->> 11 AS interest_outstanding,
           row.value ->> 12 AS fees_outstanding, row.value ->> 13 AS penalties_outstanding,
           (row.value ->> 10) + (row.value ->> 11) + (row.value ->> 12) + (row.value ->> 13)
               AS total_outstanding
    FROM account LEFT JOIN accrual ON accrual.id = account.id
         LEFT JOIN currency ON currency.code = account.currency,
         json_each(account_instalments(kind, state, accrual.body, posted_through, posted)) AS row";

impl Reports {
    /// Adds the view `report_schedule`: a row for each instalment of each account.
    ///
    /// `read` decodes an account: it gets kind, state and plan as they are stored, brings the state
    /// up to what the plan has posted, and gives the instalments
    /// ([`ScheduledInstalment::of_loan`]). What it cannot read ends the query with its words.
    ///
    /// The view decodes every account that a query asks for: narrow it by `reference`, `holder` or
    /// `product`, or expect to read all states.
    ///
    /// # Errors
    /// When SQLite refuses the function or the view.
    pub fn with_schedules(
        self,
        read: impl Fn(
            AccountKind,
            &[u8],
            Option<&AccrualPlan>,
        ) -> Result<Vec<ScheduledInstalment>, String>
        + Send
        + 'static,
    ) -> Result<Self, StoreError> {
        // Deterministic by contract: the same bytes are read as the same instalments.
        let flags = FunctionFlags::SQLITE_UTF8
            | FunctionFlags::SQLITE_DETERMINISTIC
            | FunctionFlags::SQLITE_INNOCUOUS;
        let instalments = move |context: &Context<'_>| {
            answer(context, &read).map_err(|error| Error::UserFunctionError(error.into()))
        };
        let sql = self.sql();
        sql.create_scalar_function("account_instalments", 5, flags, instalments)
            .map_err(backend)?;
        let query_only = |on: bool| sql.pragma_update(None, "query_only", on).map_err(backend);
        query_only(false)?;
        let made = sql.execute_batch(VIEW).map_err(backend);
        query_only(true)?;
        made.map(|()| self)
    }
}

type Read =
    dyn Fn(AccountKind, &[u8], Option<&AccrualPlan>) -> Result<Vec<ScheduledInstalment>, String>;

fn answer(context: &Context<'_>, read: &Read) -> Result<String, String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let code: u8 = context.get(0).map_err(|error| words(&error))?;
    let kind =
        AccountKind::from_code(code).ok_or_else(|| format!("{code} is no kind of account"))?;
    let state = context
        .get_raw(1)
        .as_blob()
        .map_err(|error| words(&error))?;
    let plan = match context.get_raw(2) {
        ValueRef::Null => None,
        body => Some(plan(context, body).map_err(|error| words(&error))?),
    };
    let rows = read(kind, state, plan.as_ref())?;
    let rows: Vec<_> = rows.iter().map(shown).collect();
    Ok(serde_json::Value::from(rows).to_string())
}

fn plan(context: &Context<'_>, body: ValueRef<'_>) -> Result<AccrualPlan, StoreError> {
    let body = body.as_blob().map_err(|error| corrupt(error.to_string()))?;
    let (through, posted) = (context.get(3), context.get(4));
    let row = plan_of(body, through.map_err(backend)?, posted.map_err(backend)?)?;
    Ok(row.plan)
}

fn shown(row: &ScheduledInstalment) -> serde_json::Value {
    let (e, p, o) = (row.expected, row.paid, row.outstanding);
    json!([
        row.number,
        to_day(row.due_on),
        e.principal,
        e.interest,
        e.fees,
        e.penalties,
        p.principal,
        p.interest,
        p.fees,
        p.penalties,
        o.principal,
        o.interest,
        o.fees,
        o.penalties
    ])
}
