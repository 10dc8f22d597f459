//! Who may see and who may change a field.

use alloc::{collections::BTreeMap, vec::Vec};

use super::{Answers, Field, Form, FormError, FormProblem};
use crate::code::Label;

impl Field {
    /// Whether a role may see it. Who may change it may see it.
    #[must_use]
    pub fn visible_to(&self, role: &Label) -> bool {
        self.view.is_empty() || self.view.contains(role) || self.edit.contains(role)
    }

    /// Whether a role may change it: it is in the list, or the list is empty and it may be seen.
    #[must_use]
    pub fn editable_by(&self, role: &Label) -> bool {
        if self.edit.is_empty() {
            self.visible_to(role)
        } else {
            self.edit.contains(role)
        }
    }
}

impl Form {
    /// The answers a role may see.
    #[must_use]
    pub fn seen_by(&self, answers: &Answers, role: &Label) -> Answers {
        let mut seen = Answers::new();
        for group in &self.groups {
            let visible = |id: &Label| {
                let mut fields = group.fields.iter();
                fields.any(|field| field.id == *id && field.visible_to(role))
            };
            if let Some(entries) = answers.get(&group.id) {
                let entries = entries.iter().map(|entry| {
                    let kept = entry.iter().filter(|(id, _)| visible(id));
                    kept.map(|(id, value)| (id.clone(), value.clone()))
                        .collect()
                });
                seen.insert(group.id.clone(), entries.collect());
            }
        }
        seen
    }

    /// Whether a role may make this change of answers.
    ///
    /// # Errors
    /// [`FormProblem::NotEditable`] for every field that differs and is not the role's to change.
    pub fn changes_by(
        &self,
        before: &Answers,
        after: &Answers,
        role: &Label,
    ) -> Result<(), Vec<FormError>> {
        let mut errors = Vec::new();
        let empty = BTreeMap::new();
        for group in &self.groups {
            let entries = |answers: &'_ Answers| answers.get(&group.id).map_or(0, Vec::len);
            for index in 0..entries(before).max(entries(after)) {
                let of = |answers| -> &BTreeMap<_, _> {
                    let answers: &Answers = answers;
                    answers
                        .get(&group.id)
                        .and_then(|e| e.get(index))
                        .unwrap_or(&empty)
                };
                let (old, new) = (of(before), of(after));
                let changed = group
                    .fields
                    .iter()
                    .filter(|f| old.get(&f.id) != new.get(&f.id));
                for field in changed.filter(|field| !field.editable_by(role)) {
                    errors.push(FormError {
                        group: group.id.clone(),
                        entry: index.saturating_add(1),
                        field: field.id.clone(),
                        problem: FormProblem::NotEditable { role: role.clone() },
                    });
                }
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}
