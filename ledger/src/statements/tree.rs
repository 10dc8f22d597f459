//! One section of a statement: headers with their sums, details under them.

use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};

use super::natural;
use crate::{
    ChartOfAccounts, Currency, GlAccount, GlCode, GlType, Money, QueryError, Usage, journal::Totals,
};

/// One account of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementRow {
    /// The account.
    pub account: GlCode,
    /// Its name.
    pub name: String,
    /// Header or detail.
    pub usage: Usage,
    /// How many headers stand above it.
    pub depth: usize,
    /// One amount a column, in the sign of the section's normal side.
    pub amounts: Vec<Money>,
}

struct Section<'a> {
    children: BTreeMap<Option<GlCode>, Vec<&'a GlAccount>>,
    figures: &'a dyn Fn(&GlCode) -> Vec<Totals>,
    currency: Currency,
    columns: usize,
}

/// The rows of all accounts of a type that are not zero everywhere, and the sum of each column.
pub(super) fn section(
    chart: &ChartOfAccounts,
    gl_type: GlType,
    currency: Currency,
    columns: usize,
    figures: &dyn Fn(&GlCode) -> Vec<Totals>,
) -> Result<(Vec<StatementRow>, Vec<Money>), QueryError> {
    let mut children: BTreeMap<Option<GlCode>, Vec<&GlAccount>> = BTreeMap::new();
    for account in chart.iter().filter(|account| account.gl_type == gl_type) {
        children.entry(account.parent).or_default().push(account);
    }
    let section = Section {
        children,
        figures,
        currency,
        columns,
    };
    let mut rows = Vec::new();
    let sums = section.under(None, 0, &mut rows)?;
    let sums = sums.into_iter().map(|sum| natural(gl_type, sum, currency));
    Ok((rows, sums.collect::<Result<_, _>>()?))
}

impl Section<'_> {
    /// Adds the rows under a header and gives their sums. Charts are trees: this ends.
    fn under(
        &self,
        header: Option<GlCode>,
        depth: usize,
        rows: &mut Vec<StatementRow>,
    ) -> Result<Vec<Totals>, QueryError> {
        let mut sums = vec![Totals::default(); self.columns];
        for account in self.children.get(&header).into_iter().flatten() {
            let place = rows.len();
            let own = match account.usage {
                Usage::Detail => (self.figures)(&account.code),
                Usage::Header => self.under(Some(account.code), depth.saturating_add(1), rows)?,
            };
            for (sum, own) in sums.iter_mut().zip(&own) {
                *sum = sum.plus(*own);
            }
            if own.iter().all(|own| own.net() == 0) && rows.len() == place {
                continue;
            }
            let amounts = own
                .iter()
                .map(|own| natural(account.gl_type, *own, self.currency));
            let row = StatementRow {
                account: account.code,
                name: account.name.clone(),
                usage: account.usage,
                depth,
                amounts: amounts.collect::<Result<_, _>>()?,
            };
            rows.insert(place, row);
        }
        Ok(sums)
    }
}
