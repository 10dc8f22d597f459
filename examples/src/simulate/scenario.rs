//! A contract and what is tried under it, as plain data.

use std::fmt::{self, Debug, Display};

use chrono::{Days, NaiveDate};
use fastrand::Rng;
use lending_core::loan::Element;
use rust_decimal::Decimal;

use super::{
    laws::{Broken, Checked, Law},
    tally::Tally,
};

/// A contract and what is tried under it, in the order of arrival.
#[derive(Clone, Debug)]
pub struct Scenario<C: Contract> {
    /// The contract.
    pub contract: C,
    /// What is tried.
    pub steps: Vec<Step<C::What>>,
}

/// One thing that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<W> {
    /// The id of the transaction it makes, if it makes one.
    pub id: u32,
    /// How many days before today it counts.
    pub back: u16,
    /// The payment channel: by its place among those that the accounting rules know, or none (as on
    /// every line of credit).
    pub channel: u8,
    /// What.
    pub what: W,
}

/// What lives are lived under.
pub trait Contract: Copy + Display {
    /// What is tried under it.
    type What: What;
    /// A life under it.
    type Lived: Lived<Self>;
    /// What has happened before the first step.
    const OPENING: &str;

    /// The day on which life begins.
    fn start() -> NaiveDate;

    /// Contracts that are plainer by one option, for shrinking.
    fn simpler(&self) -> Vec<Self>;
}

/// What is tried, without its day. Others' ids and dates are named by counting, so that a step keeps
/// a meaning when others are left out.
pub trait What: Copy + PartialEq + Debug {
    /// How many days pass with it and how they are closed, if they do.
    fn passes(&self) -> Option<(u16, &'static str)>;

    /// The same with less, for shrinking.
    fn simpler(&self) -> Vec<Self>;
}

/// A life and all that laws compare it with.
pub trait Lived<C: Contract>: Sized {
    /// Begins it; `None` where the contract's options do not go together.
    fn begin(contract: &C, seed: u64, tally: &mut Tally) -> Result<Option<Self>, (Law, String)>;

    /// Takes a step and holds every law.
    fn step(&mut self, step: &Step<C::What>, contract: &C, tally: &mut Tally) -> Checked;
}

impl<C: Contract> Scenario<C> {
    /// Lives it and holds every law after every step.
    pub fn check(&self, seed: u64, tally: &mut Tally) -> Result<(), Broken> {
        let broken = |at| move |(law, what)| Broken { law, at, what };
        let begun = C::Lived::begin(&self.contract, seed, tally).map_err(broken(0))?;
        let Some(mut lived) = begun else {
            return Ok(());
        };
        for (at, step) in self.steps.iter().enumerate() {
            tally.steps += 1;
            let held = lived.step(step, &self.contract, tally);
            held.map_err(broken(at))?;
        }
        Ok(())
    }
}

impl<C: Contract> Display for Scenario<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut today = C::start();
        writeln!(f, "contract: {}", self.contract)?;
        writeln!(f, "{today} {}", C::OPENING)?;
        for step in &self.steps {
            if let Some((days, closed)) = step.what.passes() {
                let from = today;
                today = later(today, days);
                writeln!(f, "{from} .. {today} {closed}")?;
                continue;
            }
            write!(f, "{today} {:?} (transaction {})", step.what, step.id)?;
            if step.back > 0 {
                write!(f, " counting from {}", step.since(C::start(), today))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl<W: What> Step<W> {
    /// The step at a place of a life: mostly of today. Ids rise with arrival, leaving room for what
    /// a test tells afterwards.
    pub fn draw(rng: &mut Rng, at: usize, furthest: u16, what: W) -> Self {
        Self {
            id: u32::try_from(at).unwrap_or(0).saturating_add(100),
            back: if rng.u8(..3) == 0 {
                rng.u16(..furthest)
            } else {
                0
            },
            channel: 0,
            what,
        }
    }

    /// The day from which it counts, none before the first.
    pub fn since(&self, first: NaiveDate, today: NaiveDate) -> NaiveDate {
        let on = today.checked_sub_days(Days::new(self.back.into()));
        on.unwrap_or(first).max(first)
    }

    /// Steps that do the same with less, for shrinking.
    pub fn simpler(&self) -> Vec<Self> {
        let with_back = |back| Self { back, ..*self };
        let mut all = vec![with_back(0), with_back(self.back / 2)];
        all.push(Self {
            channel: 0,
            ..*self
        });
        let whats = self.what.simpler().into_iter();
        all.extend(whats.map(|what| Self { what, ..*self }));
        all.retain(|step| step != self);
        all
    }
}

/// An amount of cents.
pub fn money(cents: u32) -> Decimal {
    Decimal::new(cents.into(), 2)
}

/// Some days later.
pub fn later(date: NaiveDate, days: u16) -> NaiveDate {
    date.checked_add_days(Days::new(days.into()))
        .unwrap_or(date)
}

/// One of the 24 orders of elements.
pub fn elements(order: u8) -> Vec<Element> {
    let mut left = vec![
        Element::Fee,
        Element::Penalty,
        Element::Interest,
        Element::Principal,
    ];
    let mut number = usize::from(order % 24);
    let mut order = Vec::with_capacity(4);
    for count in (1..=4).rev() {
        order.push(left.remove(number % count));
        number /= count;
    }
    order
}
