//! The only way to make an entry.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;

use super::{EntryError, JournalEntry, JournalLine, RawEntry, line};
use crate::{BranchCode, Currency, EntryId, GlCode, Money, Side};

/// Collects the parts of an entry; [`EntryBuilder::build`] checks the whole.
#[derive(Clone, Debug)]
#[must_use]
pub struct EntryBuilder {
    raw: RawEntry,
    branch: Option<BranchCode>,
    inter_branch: Option<GlCode>,
    refused: Option<EntryError>,
}

impl EntryBuilder {
    pub(super) const fn new(id: EntryId, value_date: NaiveDate, booking_date: NaiveDate) -> Self {
        Self {
            raw: RawEntry {
                id,
                value_date,
                booking_date,
                lines: Vec::new(),
                reference: None,
                notes: None,
                tags: BTreeMap::new(),
                manual_by: None,
                reverses: None,
            },
            branch: None,
            inter_branch: None,
            refused: None,
        }
    }

    /// Adds a debit.
    #[inline]
    pub fn debit(self, account: GlCode, amount: Money) -> Self {
        self.line(account, Side::Debit, amount)
    }

    /// Adds a credit.
    #[inline]
    pub fn credit(self, account: GlCode, amount: Money) -> Self {
        self.line(account, Side::Credit, amount)
    }

    /// Adds a debit or a credit.
    #[inline]
    pub fn line(mut self, account: GlCode, side: Side, amount: Money) -> Self {
        self.push(account, side, amount);
        self
    }

    /// By reference: the builder itself is moved as little as possible.
    fn push(&mut self, account: GlCode, side: Side, amount: Money) {
        match JournalLine::new(account, side, &amount, None) {
            Ok(line) => self.raw.lines.push(line),
            Err(allowed) => {
                let error = line::refused(self.raw.id, self.raw.lines.len(), amount, allowed);
                self.refused.get_or_insert(error);
            }
        }
    }

    /// Puts the line added last into a branch of its own.
    pub fn on_branch(mut self, branch: BranchCode) -> Self {
        match self.raw.lines.last_mut() {
            Some(line) => line.put_in(branch),
            None => {
                let entry = self.raw.id;
                self.refused
                    .get_or_insert(EntryError::BranchWithoutLine { entry, branch });
            }
        }
        self
    }

    /// The branch of every line that has none of its own.
    #[inline]
    pub fn branch(mut self, branch: BranchCode) -> Self {
        self.branch = Some(branch);
        self
    }

    /// Balances every branch through this account: where the debits and credits of a branch
    /// differ in a currency, a line on `account` makes up the difference. Without this rule an
    /// entry that moves value between branches is refused as unbalanced.
    pub fn inter_branch(mut self, account: GlCode) -> Self {
        self.inter_branch = Some(account);
        self
    }

    /// A short text for people: a receipt, a contract number.
    #[inline]
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.raw.reference = Some(reference.into());
        self
    }

    /// A longer text for people.
    #[inline]
    pub fn notes(mut self, notes: impl Into<String>) -> Self {
        self.raw.notes = Some(notes.into());
        self
    }

    /// A tag, see [`super::tags`] for the keys with an agreed meaning.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let (entry, key, second) = (self.raw.id, key.into(), value.into());
        match self.raw.tags.get(&key) {
            Some(first) if *first != second => {
                let first = first.clone();
                self.refused.get_or_insert(EntryError::TagTwice {
                    entry,
                    key,
                    first,
                    second,
                });
            }
            _ => {
                self.raw.tags.insert(key, second);
            }
        }
        self
    }

    /// Marks the entry as made by a person.
    pub fn manual(mut self, user: impl Into<String>) -> Self {
        self.raw.manual_by = Some(user.into());
        self
    }

    /// Marks the entry as taking back another one, see [`JournalEntry::reversal`].
    pub fn reverses(mut self, entry: EntryId) -> Self {
        self.raw.reverses = Some(entry);
        self
    }

    /// Checks and makes the entry.
    ///
    /// # Errors
    /// The first thing that was wrong, see [`EntryError`].
    pub fn build(mut self) -> Result<JournalEntry, EntryError> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        if let Some(branch) = self.branch {
            for line in self
                .raw
                .lines
                .iter_mut()
                .filter(|line| line.branch().is_none())
            {
                line.put_in(branch);
            }
        }
        if let Some(account) = self.inter_branch {
            add_inter_branch(self.raw.id, &mut self.raw.lines, account)?;
        }
        self.raw.try_into()
    }
}

/// Debits and credits of one currency in one branch.
type Sums = BTreeMap<(Option<BranchCode>, Currency), (i128, i128)>;

fn sums(lines: &[JournalLine]) -> Sums {
    let mut sums = Sums::new();
    for line in lines {
        let (debits, credits) = sums.entry((line.branch(), line.currency())).or_default();
        // 2^64 lines of 2^63 minor units fit: no entry in memory overflows these sums.
        match line.side() {
            Side::Debit => *debits = debits.saturating_add(i128::from(line.signed_minor())),
            Side::Credit => *credits = credits.saturating_sub(i128::from(line.signed_minor())),
        }
    }
    sums
}

pub(super) fn check_balance(entry: EntryId, lines: &[JournalLine]) -> Result<(), EntryError> {
    match lines {
        [] => return Err(EntryError::Empty { entry }),
        // The common case, without a sum: two lines that mirror each other.
        [a, b]
            if a.branch() == b.branch()
                && a.currency() == b.currency()
                && a.signed_minor() == b.signed_minor().saturating_neg() =>
        {
            return Ok(());
        }
        _ => {}
    }
    let unbalanced = sums(lines)
        .into_iter()
        .find(|(_, (debits, credits))| debits != credits);
    match unbalanced {
        None => Ok(()),
        Some(((branch, currency), (debits, credits))) => Err(EntryError::Unbalanced {
            entry,
            currency,
            branch,
            debits,
            credits,
        }),
    }
}

fn add_inter_branch(
    entry: EntryId,
    lines: &mut Vec<JournalLine>,
    account: GlCode,
) -> Result<(), EntryError> {
    for ((branch, currency), (debits, credits)) in sums(lines) {
        let missing = credits.saturating_sub(debits);
        // Lines without a branch are outside of the rule: they balance among themselves.
        let Some(branch) = branch.filter(|_| missing != 0) else {
            continue;
        };
        let signed = i64::try_from(missing)
            .ok()
            .filter(|minor| *minor != i64::MIN)
            .ok_or(EntryError::InterBranchTooLarge {
                entry,
                currency,
                branch,
            })?;
        lines.push(JournalLine::from_parts(
            account,
            currency,
            signed,
            Some(branch),
        ));
    }
    Ok(())
}
