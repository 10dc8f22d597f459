//! Answers against a form.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{
    Answers, Choice, Field, FieldGroup, FieldKind, FieldState, Form, FormError, FormProblem,
    LinkTarget,
};
use crate::{
    code::{CodeError, FormId, Label},
    facts::{Facts, Value, ValueKind},
};

/// Most characters of a text field that says nothing else.
const SHORT: u32 = 255;

/// What the host knows beside the answers. A closure `|field, value| taken` is one that knows which
/// unique values are taken.
pub trait Records {
    /// Whether another record has the value in a unique field.
    fn taken(&self, field: &Label, value: &Value) -> bool;

    /// Whether the record a link names exists. By default every one does.
    fn exists(&self, target: LinkTarget, id: &str) -> bool {
        let _ = (target, id);
        true
    }

    /// The product, client type and channel the form is filled in for, see
    /// [`Field::required_for`]. By default none.
    fn uses(&self) -> &[Label] {
        &[]
    }
}

impl<F: Fn(&Label, &Value) -> bool> Records for F {
    fn taken(&self, field: &Label, value: &Value) -> bool {
        self(field, value)
    }
}

/// What a form came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completed {
    /// The answers with defaults filled in.
    pub answers: Answers,
    /// Points of the selections.
    pub score: i32,
    /// Fields whose choice disqualifies.
    pub disqualified_by: Vec<Label>,
}

impl Completed {
    /// The completed form as facts for rules: `form.<form>` is yes, `answer.<form>.<field>` the
    /// answers of the groups that do not repeat, `answer.<form>.<group>` how many entries the
    /// others have, `score.<form>` the points, `disqualified.<form>` whether a choice disqualifies.
    ///
    /// # Errors
    /// [`CodeError`] when a path gets too long.
    pub fn facts(&self, form: &Form) -> Result<Facts, CodeError> {
        let id: &FormId = &form.id;
        let mut facts = Facts::new()
            .with(&alloc::format!("form.{id}"), Value::Bool(true))?
            .with(&alloc::format!("score.{id}"), Value::int(self.score.into()))?
            .with(
                &alloc::format!("disqualified.{id}"),
                Value::Bool(!self.disqualified_by.is_empty()),
            )?;
        for group in &form.groups {
            let entries = self
                .answers
                .get(&group.id)
                .map(Vec::as_slice)
                .unwrap_or_default();
            if group.repeats {
                let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
                let path = alloc::format!("answer.{id}.{}", group.id);
                facts = facts.with(&path, Value::int(count))?;
                continue;
            }
            for (field, value) in entries.iter().flatten() {
                facts = facts.with(&alloc::format!("answer.{id}.{field}"), value.clone())?;
            }
        }
        Ok(facts)
    }
}

impl Form {
    /// Checks answers whole.
    ///
    /// # Errors
    /// Every error, in the order of the form.
    pub fn check(
        &self,
        answers: &Answers,
        records: &impl Records,
    ) -> Result<Completed, Vec<FormError>> {
        let mut errors = Vec::new();
        let mut done = Completed::default();
        let none = alloc::vec![BTreeMap::new()];
        for group in &self.groups {
            let given = answers.get(&group.id);
            // A group that nobody filled in is one empty entry, unless it may be left out.
            let entries = match given {
                Some(entries) => entries.as_slice(),
                None if group.repeats => &[],
                None => none.as_slice(),
            };
            group.check_count(entries.len(), &mut errors);
            let mut kept: Vec<BTreeMap<Label, Value>> = Vec::with_capacity(entries.len());
            for (index, entry) in entries.iter().enumerate() {
                let mut report = |field: &Label, problem: FormProblem| {
                    errors.push(FormError {
                        group: group.id.clone(),
                        entry: index.saturating_add(1),
                        field: field.clone(),
                        problem,
                    });
                };
                if index > 0 && !group.repeats {
                    report(&group.id, FormProblem::Repeated);
                }
                let filled = group.check(entry, &kept, records, &mut done, &mut report);
                kept.push(filled);
            }
            if given.is_some() || !group.repeats {
                done.answers.insert(group.id.clone(), kept);
            }
        }
        let known = |id: &&Label| self.groups.iter().any(|group| group.id == **id);
        errors.extend(answers.keys().filter(|id| !known(id)).map(|id| FormError {
            group: id.clone(),
            entry: 1,
            field: id.clone(),
            problem: FormProblem::Unknown,
        }));
        if errors.is_empty() {
            Ok(done)
        } else {
            Err(errors)
        }
    }
}

impl FieldGroup {
    fn check_count(&self, given: usize, errors: &mut Vec<FormError>) {
        let count = u32::try_from(given).unwrap_or(u32::MAX);
        let most = self.entries_max.unwrap_or(u32::MAX);
        if !self.repeats || (self.entries_min..=most).contains(&count) {
            return;
        }
        let allowed = match self.entries_max {
            Some(most) => alloc::format!("{} to {most}", self.entries_min),
            None => alloc::format!("{} or more", self.entries_min),
        };
        errors.push(FormError {
            group: self.id.clone(),
            entry: 1,
            field: self.id.clone(),
            problem: FormProblem::Entries { given, allowed },
        });
    }

    fn check(
        &self,
        entry: &BTreeMap<Label, Value>,
        earlier: &[BTreeMap<Label, Value>],
        records: &impl Records,
        done: &mut Completed,
        report: &mut impl FnMut(&Label, FormProblem),
    ) -> BTreeMap<Label, Value> {
        let mut kept: BTreeMap<Label, Value> = BTreeMap::new();
        for field in &self.fields {
            let depends = field.only_if.as_ref();
            let asked = field.state == FieldState::Normal && depends.is_none_or(|d| d.holds(&kept));
            let value = entry.get(&field.id);
            match (asked, value.or(field.default.as_ref())) {
                (false, _) => {
                    if value.is_some() {
                        report(&field.id, FormProblem::NotAsked);
                    }
                }
                (true, None) => {
                    let uses = records.uses();
                    if field.required || field.required_for.iter().any(|u| uses.contains(u)) {
                        report(&field.id, FormProblem::Missing);
                    }
                }
                (true, Some(value)) => {
                    let twice = || {
                        earlier
                            .iter()
                            .any(|other| other.get(&field.id) == Some(value))
                    };
                    if let Err(problem) = field.check(value, &kept, records) {
                        report(&field.id, problem);
                    } else if field.unique && (records.taken(&field.id, value) || twice()) {
                        report(&field.id, FormProblem::NotUnique);
                    }
                    if let Some(choice) = field.choice(value, &kept) {
                        done.score = done.score.saturating_add(choice.score);
                        if choice.disqualifies {
                            done.disqualified_by.push(field.id.clone());
                        }
                    }
                    kept.insert(field.id.clone(), value.clone());
                }
            }
        }
        for id in entry
            .keys()
            .filter(|id| !self.fields.iter().any(|f| f.id == **id))
        {
            report(id, FormProblem::Unknown);
        }
        kept
    }
}

impl FieldKind {
    /// The kind of its values.
    pub(super) const fn value_kind(&self) -> ValueKind {
        match self {
            Self::Text | Self::Selection(_) | Self::Link(_) => ValueKind::Text,
            Self::Number => ValueKind::Number,
            Self::Money => ValueKind::Money,
            Self::Date => ValueKind::Date,
            Self::Checkbox => ValueKind::Bool,
        }
    }
}

impl Field {
    /// The choice taken, when it is offered with the answers so far.
    fn choice(&self, value: &Value, answers: &BTreeMap<Label, Value>) -> Option<&Choice> {
        let (FieldKind::Selection(choices), Value::Text(text)) = (&self.kind, value) else {
            return None;
        };
        let chosen = choices.iter().find(|choice| choice.value == *text)?;
        let depends = chosen.only_if.as_ref();
        depends.is_none_or(|d| d.holds(answers)).then_some(chosen)
    }

    fn check(
        &self,
        value: &Value,
        answers: &BTreeMap<Label, Value>,
        records: &impl Records,
    ) -> Result<(), FormProblem> {
        self.check_alone(value)?;
        let Value::Text(text) = value else {
            return Ok(());
        };
        if matches!(self.kind, FieldKind::Selection(_)) && self.choice(value, answers).is_none() {
            return Err(FormProblem::Choice {
                given: text.clone(),
            });
        }
        match self.kind {
            FieldKind::Link(target) if !records.exists(target, text) => Err(FormProblem::Link {
                given: text.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// What can be said of a value without the other answers.
    pub(super) fn check_alone(&self, value: &Value) -> Result<(), FormProblem> {
        let allowed = self.kind.value_kind();
        if value.kind() != allowed {
            return Err(FormProblem::Kind {
                given: value.kind(),
                allowed,
            });
        }
        let outside = |end: &Option<Value>, below: bool| {
            end.as_ref().is_some_and(|end| {
                // An amount in another currency is in no range.
                value
                    .order(end)
                    .is_none_or(|o| if below { o.is_lt() } else { o.is_gt() })
            })
        };
        if outside(&self.from, true) || outside(&self.to, false) {
            return Err(FormProblem::Range {
                given: value.to_string(),
                allowed: self.range(),
            });
        }
        let Value::Text(text) = value else {
            return Ok(());
        };
        let (given, most) = (text.chars().count(), self.length_max.unwrap_or(SHORT));
        if usize::try_from(most).is_ok_and(|most| given > most) {
            return Err(FormProblem::Length {
                given,
                allowed: most,
            });
        }
        match &self.pattern {
            Some(pattern) if !pattern.matches(text) => Err(FormProblem::Pattern {
                given: text.clone(),
            }),
            _ => Ok(()),
        }
    }

    fn range(&self) -> String {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => alloc::format!("{from} to {to}"),
            (Some(from), None) => alloc::format!("{from} or more"),
            (None, Some(to)) => alloc::format!("{to} or less"),
            (None, None) => "anything".to_string(),
        }
    }
}
